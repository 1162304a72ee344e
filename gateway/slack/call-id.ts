import { createHash } from 'node:crypto';

/** Whichever gateway it comes to, and however often, it is one call. */
export function callIdOf(...what: readonly string[]): string {
  return `slack/${createHash('sha256').update(JSON.stringify(what)).digest('hex')}`;
}
