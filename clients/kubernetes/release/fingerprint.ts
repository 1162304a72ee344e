import { createHash } from 'node:crypto';

const CHARACTERS = 8;

/**
 * A short sign of a value that may be a secret: enough to see that two differ, and different for the same value in another place.
 * @param place what the value is of, such as a uid
 */
export function fingerprint(place: string, value: unknown): string {
  return createHash('sha256')
    .update(`${place}\n${canonical(value)}`)
    .digest('hex')
    .slice(0, CHARACTERS);
}

/** JSON that does not depend on the order of keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
