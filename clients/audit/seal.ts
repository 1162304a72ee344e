import { createHash } from 'node:crypto';
import type { AuditLine } from '../../incident/audit-line.ts';
import { canonical } from '../../incident/canonical.ts';

/** The line as it is written, with its hash, which anybody can work out: `jq -cSj 'del(.hash)' | sha256sum`. */
export function sealed(open: Omit<AuditLine, 'hash'>): { readonly text: string; readonly hash: string } {
  const hash = sha256(canonical(open));
  return { text: canonical({ ...open, hash }), hash };
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
