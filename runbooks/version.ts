import { createHash } from 'node:crypto';
import { canonical } from '../incident/canonical.ts';
import type { Runbook } from './schema.ts';

/** A runbook never changes once it is loaded, and in a storm its version is asked for thousands of times a second. */
const known = new WeakMap<Runbook, string>();

/** A name for the very content of a runbook: the first 12 hexadecimal digits of the SHA-256 of its canonical JSON. */
export function runbookVersion(runbook: Runbook): string {
  const version = known.get(runbook) ?? createHash('sha256').update(canonical(runbook)).digest('hex').slice(0, 12);
  known.set(runbook, version);
  return version;
}
