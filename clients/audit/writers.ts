import type { Faults, Place } from './faults.ts';
import type { ChainedLine } from './parse-line.ts';

/** So many missing lines of a writer are waited for. */
const WAITED_FOR_MAX = 1_000;

interface Writer {
  readonly seq: number;
  readonly hash: string;
  /** Numbers that were skipped, and where. */
  readonly skipped: Map<number, Place>;
}

/** The writers of a trail: each counts its lines, so that none can go missing or come twice. */
export interface Writers {
  /** Checks that the line is the next one of its writer. */
  check(line: ChainedLine, place: Place): void;
  /** A line is broken: whose it was, and the how-manieth, is not known. */
  doubt(): void;
  count(): number;
  /** Hashes of lines in other files, which were not looked at, that writers went on from. */
  elsewhere(): readonly string[];
}

export function openWriters(faults: Faults): Writers {
  const writers = new Map<string, Writer>();
  const elsewhere: string[] = [];
  let doubts = 0;

  function checkKnown({ seq }: ChainedLine, place: Place, { seq: last, skipped }: Writer): boolean {
    const before = skipped.get(seq);
    if (before) {
      skipped.delete(seq);
      faults.rename(before, 'reordered', `Line ${before.line} stands before lines that were written earlier.`);
      faults.add(place, 'reordered', `Line ${place.line} stands after lines that were written later.`);
    } else if (seq <= last) faults.add(place, 'inserted', `Line ${place.line} was put there: its writer wrote its line ${seq} before.`);
    return seq > last;
  }

  /** The number that the line must have, by what it says of its writer. */
  function wanted({ seq, follows }: ChainedLine, known: Writer | undefined): number {
    if (known) return known.seq + 1;
    if (follows === undefined) return 1;
    elsewhere.push(follows);
    return seq;
  }

  return {
    check(line, place) {
      const { writer, seq, hash, follows } = line;
      const known = writers.get(writer);
      if (known && !checkKnown(line, place, known)) return;
      const first = wanted(line, known);
      const gap = seq - first;
      const skipped = known?.skipped ?? new Map<number, Place>();
      if (gap > doubts) {
        const what = gap === 1 ? 'A line of its writer is' : `${gap} lines of its writer are`;
        faults.add(place, 'missing', `${what} missing before line ${place.line}.`);
        for (let number = first; number < seq && skipped.size < WAITED_FOR_MAX; number++) skipped.set(number, place);
      } else {
        doubts -= gap;
        if (gap === 0 && known && follows !== undefined && follows !== known.hash)
          faults.add(place, 'missing', `Line ${place.line} follows another line of its writer than the last one in the file before.`);
      }
      writers.set(writer, { seq, hash, skipped });
    },
    doubt() {
      doubts++;
    },
    count: () => writers.size,
    elsewhere: () => elsewhere,
  };
}
