import type { CauseKind } from '../cause.ts';
import type { RemedyName } from '../remedy.ts';
import type { TargetKind } from '../target.ts';

/** After so long, what was learned counts half. */
export const HALF_LIFE_MS = 30 * 86_400_000;
/** What was measured longer ago than this is not gone by. */
const MEASURED_MS = 3 * HALF_LIFE_MS;

/** What is counted of a remedy; each is worth less the older it is. */
export const COUNT_NAMES = [
  // Tries whose end was seen.
  'tries',
  'recoveries',
  // Recoveries after which the same target failed again too soon.
  'relapses',
  'worse',
  // Tries after which the target could not be read, or was well too late to say by what.
  'unknown',
  // Of these, those after which the target was well later than it was waited for.
  'late',
  // Tries before which nothing else was tried in the incident, and those of them that cured for good.
  'firstTries',
  'firstCures',
  // What people said: to a plan before it was carried out, and to an incident after it.
  'approved',
  'rejected',
  'right',
  'wrong',
  // Failures that were only observed, and went away: after others did the same as would have been done, or something else, or nothing.
  'didSame',
  'didOther',
  'didNothing',
] as const;

type CountName = (typeof COUNT_NAMES)[number];
export type Counts = Readonly<Record<CountName, number>>;

/** A length of time, and when it was measured. */
export interface Measured {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly seconds: number;
}

/** What a row is about. */
export interface RowKey {
  readonly cause: CauseKind;
  readonly remedy: RemedyName;
  readonly kind: TargetKind;
}

/** What is known of one remedy for one cause on one kind of target. */
export interface Row extends RowKey {
  /** As they were worth at `asOfMs`. */
  readonly counts: Counts;
  /** Epoch milliseconds. */
  readonly asOfMs: number;
  /** From the act until the target was well, the newest first. */
  readonly recoveryTimes: readonly Measured[];
  /** From a recovery until the target failed again, relapse or later, the newest first. */
  readonly returnTimes: readonly Measured[];
  /** The targets it was tried on, the newest first, and no more than a few. */
  readonly targets: readonly string[];
}

export const NO_COUNTS = Object.fromEntries(COUNT_NAMES.map((name) => [name, 0])) as Counts;

export function emptyRow({ cause, remedy, kind }: RowKey, nowMs: number): Row {
  return { cause, remedy, kind, counts: NO_COUNTS, asOfMs: nowMs, recoveryTimes: [], returnTimes: [], targets: [] };
}

/** Those measured lately: what is older is gone by no more, though it may still be counted. */
export function measuredLately(all: readonly Measured[], nowMs: number): readonly Measured[] {
  return all.filter(({ atMs }) => nowMs - atMs <= MEASURED_MS);
}

/** What something that happened then is worth now. A clock that goes back makes nothing worth more. */
export function worthOf(atMs: number, nowMs: number): number {
  return nowMs <= atMs ? 1 : 2 ** ((atMs - nowMs) / HALF_LIFE_MS);
}

/** A row as it is worth now. */
export function agedRow(row: Row, nowMs: number): Row {
  if (nowMs <= row.asOfMs) return row;
  return { ...row, counts: sumOf(NO_COUNTS, row.counts, worthOf(row.asOfMs, nowMs)), asOfMs: nowMs };
}

/** Counts with so many times others on top; none is ever less than nothing. */
export function sumOf(counts: Counts, others: Partial<Counts>, times: number): Counts {
  return Object.fromEntries(COUNT_NAMES.map((name) => [name, Math.max(0, counts[name] + times * (others[name] ?? 0))])) as Counts;
}

export function isSameKey(one: RowKey, other: RowKey): boolean {
  return one.cause === other.cause && one.remedy === other.remedy && one.kind === other.kind;
}
