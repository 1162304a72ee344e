import { createHash } from 'node:crypto';

/** A fingerprint made of what a source knows an alert by. */
export function fingerprintOf(source: string, ...parts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([source, ...parts]))
    .digest('hex')
    .slice(0, 16);
}
