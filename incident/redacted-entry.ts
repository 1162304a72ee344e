import type { AuditEntry } from './audit-entry.ts';
import { redact } from './redact.ts';

const TEXT_CHARACTERS_MAX = 4_000;
const LIST_MAX = 50;

/** An entry as it may be kept for years: what looks like a secret is struck out of every text of it, and each has an end. */
export function redactedEntry(entry: AuditEntry): AuditEntry {
  return cleaned(entry) as AuditEntry;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return redact(value, TEXT_CHARACTERS_MAX);
  if (Array.isArray(value)) return value.slice(0, LIST_MAX).map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleaned(inner)]));
}
