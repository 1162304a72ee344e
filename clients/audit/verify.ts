import { type Fault, openFaults, type Place } from './faults.ts';
import { openNeighbours } from './neighbours.ts';
import { type ChainedLine, type ParsedLine, parseLine } from './parse-line.ts';
import { type RawLine, readLines } from './read-lines.ts';
import { sha256 } from './seal.ts';
import { openWriters } from './writers.ts';

/** How a trail stands. */
export interface Verified {
  /** At most one a line, in the order of the lines; none where the trail is whole. */
  readonly faults: readonly Fault[];
  readonly lines: number;
  readonly writers: number;
  /** Lines that a killed process could not finish, as the line after each says. */
  readonly torn: number;
  /** Lines that were written while another process wrote one. */
  readonly together: number;
  /** Hashes of lines in other files, which were not looked at, that writers went on from. */
  readonly elsewhere: readonly string[];
  /** When the first and the last line were written; null where there is none. */
  readonly from: string | null;
  readonly to: string | null;
}

/** How it is looked at. */
export interface Look {
  /** The files are an excerpt, so that each line is checked by itself and nothing is told of what is not there. */
  readonly isExcerpt?: boolean;
  /** Told as it is read. */
  readonly read?: (bytes: number) => void;
  /** Told of each line that is as it was written. */
  readonly line?: (line: ChainedLine) => void;
}

interface Held {
  readonly raw: RawLine;
  readonly parsed: ParsedLine;
}

/** Checks a trail that is in these files, the oldest first. @throws a sentence when a file cannot be read. */
export async function verifyTrail(files: readonly string[], { isExcerpt = false, read, line: tell }: Look = {}): Promise<Verified> {
  const faults = openFaults();
  const writers = openWriters(faults);
  const neighbours = openNeighbours(faults);
  const count = { lines: 0, torn: 0 };
  let wasTorn = false;
  const span: { from: string | null; to: string | null } = { from: null, to: null };

  function changed(hash: string | null, place: Place, text: string): void {
    faults.add(place, 'changed', text);
    writers.doubt();
    neighbours.broken(hash, place);
  }

  function take({ raw, parsed }: Held, next: Held | null, file: string): void {
    const place = { file, line: raw.number };
    const isToldTorn = next?.parsed.kind === 'line' && next.parsed.line.torn === sha256(raw.bytes);
    count.lines++;
    const isAfterTorn = wasTorn;
    wasTorn = isToldTorn;
    if (isToldTorn) count.torn++;
    else if (!raw.isEnded)
      faults.add(place, 'torn', `Line ${raw.number} is cut off: its writer was stopped over it, or its end was taken away.`);
    else if (parsed.kind === 'unreadable')
      changed(null, place, `Line ${raw.number} is no entry, and the next one does not say that it was cut off.`);
    else if (parsed.kind === 'changed') changed(parsed.hash, place, `Line ${raw.number} is not as it was written.`);
    else {
      span.from ??= parsed.line.written;
      span.to = parsed.line.written;
      tell?.(parsed.line);
      if (isExcerpt) return;
      if (parsed.line.torn !== undefined && !isAfterTorn && faults.at({ file, line: raw.number - 1 }) === null)
        faults.add(place, 'missing', `A line that was cut off is missing before line ${raw.number}.`);
      writers.check(parsed.line, place);
      neighbours.check(parsed.line, place);
    }
  }

  for (const file of files) {
    neighbours.beginFile();
    let held: Held | null = null;
    for await (const raw of readLines(file, read)) {
      const next = { raw, parsed: parseLine(raw.bytes) };
      if (held) take(held, next, file);
      held = next;
    }
    if (held) take(held, null, file);
  }
  return {
    ...{ faults: faults.all(), ...count, ...span },
    ...{ writers: writers.count(), together: neighbours.together(), elsewhere: writers.elsewhere() },
  };
}
