import { createHash } from 'node:crypto';
import { canonical } from '../incident/canonical.ts';
import type { Runbook } from './schema.ts';

/** A name for the very content of a runbook: the first 12 hexadecimal digits of the SHA-256 of its canonical JSON. */
export function runbookVersion(runbook: Runbook): string {
  return createHash('sha256').update(canonical(runbook)).digest('hex').slice(0, 12);
}
