import { readSync } from 'node:fs';
import { sha256 } from './seal.ts';

const FIRST_BYTES = 64 * 2 ** 10;
const NEWLINE = 0x0a;

/** How a file of the audit trail ends. */
export interface Tail {
  /** Hash of the last line that is one; null where there is none. */
  readonly hash: string | null;
  /** SHA-256 of what stands after the last end of a line; null where nothing does. */
  readonly torn: string | null;
}

/** Reads as much of an open file from its end as it takes to find a line of the trail. */
export function readTail(file: number, size: number): Tail {
  for (let bytes = Math.min(size, FIRST_BYTES); ; bytes = Math.min(size, bytes * 4)) {
    const chunk = readEnd(file, size, bytes);
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    const isWhole = bytes === size;
    if (end === 0 && !isWhole) continue;
    const hash = lastHash(chunk.subarray(0, end), isWhole);
    if (hash === null && !isWhole) continue;
    return { hash, torn: end === chunk.length ? null : sha256(chunk.subarray(end)) };
  }
}

function readEnd(file: number, size: number, bytes: number): Buffer {
  const chunk = Buffer.alloc(bytes);
  let read = 0;
  while (read < bytes) {
    const count = readSync(file, chunk, read, bytes - read, size - bytes + read);
    if (count === 0) break;
    read += count;
  }
  return chunk.subarray(0, read);
}

/** @param isWhole the text begins where the file does; otherwise its first line may be half of one */
function lastHash(text: Buffer, isWhole: boolean): string | null {
  const lines = text
    .toString('utf8')
    .split('\n')
    .slice(isWhole ? 0 : 1, -1);
  for (const line of lines.reverse()) {
    const hash = hashOf(line);
    if (hash !== null) return hash;
  }
  return null;
}

function hashOf(line: string): string | null {
  try {
    const { hash } = JSON.parse(line) as { readonly hash?: unknown };
    return typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) ? hash : null;
  } catch {
    return null;
  }
}
