import { createHash } from 'node:crypto';
import type { RawObject, ResourceType } from './guarded-patch.ts';

const HASH_BYTES = 6;

/**
 * What is another number once an object is to be otherwise. The API server counts that, but where a kind has no status of its own it counts
 * each word of the controller as well: of such a kind it is read off the spec.
 */
export function generationOf({ countsStatus }: ResourceType, { metadata, spec }: RawObject): number | undefined {
  if (!countsStatus) return metadata.generation;
  // The API server writes the fields of an object in one order.
  return createHash('sha256').update(JSON.stringify(spec)).digest().readUIntBE(0, HASH_BYTES);
}
