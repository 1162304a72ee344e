import type { AuditEntry } from '../incident/audit-entry.ts';
import { audit } from './calls.ts';

/** Has one entry written that belongs to no incident that is open, such as a decision that came too late for it. */
export async function auditNote(entry: AuditEntry): Promise<void> {
  await audit(`Audit: ${entry.step}`, null, entry);
}
