import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, fstatSync, openSync, writeSync } from 'node:fs';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import type { CodeVersion } from '../../incident/audit-line.ts';
import { redactedEntry } from '../../incident/redacted-entry.ts';
import { sealed } from './seal.ts';
import { readTail, type Tail } from './tail.ts';

/** Another process may be about to finish the line that seems torn. */
const FINISHED_WITHIN_MS = 50;

/** Where entries are written down. */
export interface AuditTrail {
  /**
   * Writes an entry, redacted, as the next line, and returns its hash once it is on the disk.
   * @throws when it cannot be written; what then stands of it, the next line tells.
   */
  write(entry: AuditEntry): string;
}

/** The last line this process wrote, and where it ends. */
interface Own {
  readonly hash: string;
  readonly dev: number;
  readonly ino: number;
  readonly end: number;
}

/**
 * The trail in a file, which other processes may write to as well, and which may be moved away at any time: then another one is begun.
 * Each line holds the hash of the line before it, so that none can be changed, left out or put in between unnoticed.
 */
export function openTrail(file: string, code: CodeVersion): AuditTrail {
  const writer = randomBytes(8).toString('hex');
  let seq = 0;
  let own: Own | null = null;

  return {
    write(entry) {
      const opened = openSync(file, 'a+', 0o640);
      try {
        const tail = settledTail(opened);
        const { dev, ino, size } = fstatSync(opened);
        const isElsewhere = own !== null && (own.dev !== dev || own.ino !== ino || own.end > size);
        const { text, hash } = sealed({
          ...redactedEntry(entry),
          ...{ code, written: new Date().toISOString(), writer, seq: seq + 1, prev: tail.hash },
          ...(own !== null && isElsewhere ? { follows: own.hash } : {}),
          ...(tail.torn === null ? {} : { torn: tail.torn }),
        });
        writeAll(opened, `${tail.torn === null ? '' : '\n'}${text}\n`);
        seq++;
        own = { hash, dev, ino, end: fstatSync(opened).size };
        fdatasyncSync(opened);
        return hash;
      } finally {
        closeSync(opened);
      }
    },
  };
}

function settledTail(opened: number): Tail {
  const tail = readTail(opened, fstatSync(opened).size);
  if (tail.torn === null) return tail;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FINISHED_WITHIN_MS);
  return readTail(opened, fstatSync(opened).size);
}

function writeAll(opened: number, text: string): void {
  const bytes = Buffer.from(text);
  const written = writeSync(opened, bytes);
  if (written < bytes.length) throw new Error(`Only ${written} of ${bytes.length} bytes of an audit entry could be written.`);
}
