import { Refused } from '../failures.ts';

/** Airflow takes no longer one. */
const NOTE_CHARACTERS_MAX = 1_000;

/** What stands before an act's key in a line of a run's note: a DAG has no other place where it could be told who did something. */
const MARKS = { retried: 'Paramedic had its failed tasks run again: ', paused: 'Paramedic paused the DAG after this run: ' } as const;

type Mark = keyof typeof MARKS;

/** The key of the act that had the run's failed tasks run again, the last such one; null where there was none. */
export function retriedBy(note: string | null | undefined): string | null {
  return keyIn(note, 'retried');
}

/** The key of the act that paused the DAG after the run; null where there was none. */
export function pausedBy(note: string | null | undefined): string | null {
  return keyIn(note, 'paused');
}

/**
 * The note with a mark of ours, or without; what people wrote in it stays.
 * @param key null: without
 * @throws Refused when it does not fit
 */
export function noteWith(note: string | null | undefined, mark: Mark, key: string | null): string {
  const others = linesOf(note).filter((line) => !line.startsWith(MARKS[mark]));
  const text = [...others, ...(key === null ? [] : [`${MARKS[mark]}${key}`])].join('\n');
  if (text.length > NOTE_CHARACTERS_MAX)
    throw new Refused(`The note of the run is so long that no mark of ours fits in (${NOTE_CHARACTERS_MAX} characters); shorten it.`);
  return text;
}

function keyIn(note: string | null | undefined, mark: Mark): string | null {
  return (
    linesOf(note)
      .find((line) => line.startsWith(MARKS[mark]))
      ?.slice(MARKS[mark].length) ?? null
  );
}

function linesOf(note: string | null | undefined): readonly string[] {
  return note ? note.split('\n') : [];
}
