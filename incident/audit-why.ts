import type { AuditDetails } from './audit-entry.ts';
import type { Diagnosis } from './diagnosis.ts';

/** A diagnosis as the audit trail gives it for a reason. @param more what else speaks for it, a sentence each */
export function whyOf(diagnosis: Diagnosis | null, ...more: readonly string[]): Pick<AuditDetails, 'why'> {
  if (diagnosis === null) return {};
  const { cause, rule, reasons } = diagnosis;
  return { why: { cause, rule, evidence: [...reasons, ...more.filter((one) => one !== '')] } };
}
