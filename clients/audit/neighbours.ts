import type { Faults, Place } from './faults.ts';
import type { ChainedLine } from './parse-line.ts';

/** Two processes that write at the same time may each not have seen what the other one wrote. */
const TOGETHER_MS = 10_000;
/** So far back a line may stand that another one was written after. */
const RECENT_MAX = 1_000;

interface Recent extends Place {
  /** Null where it cannot be told. */
  readonly hash: string | null;
  /** Null for a line that is not where it was written, or not as it was. */
  readonly writer: string | null;
  readonly writtenMs: number;
}

/** The lines of a file beside each other: each names the one that it was written after. */
export interface Neighbours {
  beginFile(): void;
  /** Checks that the line stands after the one it was written after, and remembers it. */
  check(line: ChainedLine, place: Place): void;
  /** A line is broken. @param hash that it says it has */
  broken(hash: string | null, place: Place): void;
  /** Lines that were written while another process wrote one. */
  together(): number;
}

export function openNeighbours(faults: Faults): Neighbours {
  let recent: Recent[] = [];
  let together = 0;

  function remember(one: Recent): void {
    recent.push(one);
    if (recent.length > 2 * RECENT_MAX) recent = recent.slice(-RECENT_MAX);
  }

  function checkBefore({ writer, prev, written }: ChainedLine, place: Place): void {
    const from = prev === null ? -1 : recent.findLastIndex(({ hash }) => hash === prev);
    // What it was written after may be the line that is broken.
    const isUnknown = prev !== null && from < 0 && recent.at(-1)?.writer !== null;
    if (isUnknown)
      faults.add(place, 'missing', `What stood before line ${place.line} is missing: it was written after a line that is not there.`);
    if (prev !== null && from < 0) return;
    const between = recent.slice(from + 1).filter((one) => one.writer !== null);
    const unseen = between.find((one) => one.writtenMs < Date.parse(written) - TOGETHER_MS);
    if (between.length === 0) return;
    if (between.some((one) => one.writer === writer))
      faults.add(place, 'reordered', `Line ${place.line} stands after lines that were written later.`);
    else if (unseen === undefined) together++;
    else if (prev === null) faults.add(place, 'inserted', `Line ${place.line} was put there: it was the first line of a file.`);
    else faults.add(unseen, 'inserted', `Line ${unseen.line} was put there: it was not when line ${place.line} was written.`);
  }

  return {
    beginFile() {
      recent = [];
    },
    check(line, place) {
      checkBefore(line, place);
      const { hash, writer, written } = line;
      const isWherePut = [undefined, 'missing'].includes(faults.at(place)?.kind);
      remember({ ...place, hash, writer: isWherePut ? writer : null, writtenMs: Date.parse(written) });
    },
    broken: (hash, place) => remember({ ...place, hash, writer: null, writtenMs: 0 }),
    together: () => together,
  };
}
