import type { CauseKind } from '../../incident/cause.ts';
import type { Rung } from '../../incident/remedy.ts';

/** How the ladders of a world stand to what is true: by chance, or with what cures most at the beginning first. */
export type Ladders = 'arbitrary' | 'well ordered';

/** One cause, the ladder of its runbook, and how likely each rung cures it, day by day; nobody in the story knows that. */
interface Failure {
  readonly cause: CauseKind;
  readonly ladder: readonly Rung[];
  readonly rates: Readonly<Partial<Record<Rung, readonly number[]>>>;
  readonly seconds: Readonly<Partial<Record<Rung, number>>>;
}

/** What one incident meets: whichever remedies are tried, and in which order, it is the same. */
export interface Case {
  readonly atMs: number;
  readonly target: string;
  readonly failure: Failure;
  /** Whether a rung cures it, in how many seconds, whether that lasts, and whether it makes it worse. */
  readonly ends: Readonly<Partial<Record<Rung, TrueEnd>>>;
}

interface TrueEnd {
  readonly cures: boolean;
  readonly seconds: number;
  readonly lasts: boolean;
  readonly harms: boolean;
}

const DAYS = 365;
const DAY_MS = 86_400_000;
const BEGIN_MS = Date.UTC(2026, 0, 1);
const INCIDENTS_PER_DAY = 10;
const TARGETS = 40;
/** How much a rate moves from one day to the next. */
const DRIFT = 0.02;
const RELAPSES = 0.05;
const HARM = 0.01;

const LADDERS: readonly (readonly [CauseKind, readonly Rung[]])[] = [
  ['bad-model-version', ['restart', 'rollBackModel', 'undoRelease']],
  ['bad-release', ['restart', 'undoRelease']],
  ['flake', ['restart', 'leaveNode']],
  ['bad-node', ['restart', 'leaveNode']],
  ['memory-limit-too-low', ['restart', 'raiseMemory', 'undoRelease']],
  ['policy-cuts-path', ['undoPolicy', 'undoRelease']],
];

type Random = () => number;

/** Mulberry32: the same seed, the same year. */
function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The day of the year on which a moment is. */
export function dayOf(atMs: number): number {
  return Math.floor((atMs - BEGIN_MS) / DAY_MS);
}

/** A year's incidents, in order. */
export function yearOf(seed: number, ladders: Ladders): readonly Case[] {
  const random = seeded(seed);
  const failures = LADDERS.map(([cause, ladder]) => failureOf(cause, ladder, ladders, random));
  const count = DAYS * INCIDENTS_PER_DAY;
  const times = Array.from({ length: count }, () => Math.floor(random() * DAYS * DAY_MS)).sort((one, other) => one - other);
  return times.map((ms): Case => {
    const failure = failures[Math.floor(random() * failures.length)]!;
    const day = dayOf(BEGIN_MS + ms);
    const ends = failure.ladder.map((rung) => [rung, endOf(failure, rung, day, random)] as const);
    return { atMs: BEGIN_MS + ms, target: `target-${Math.floor(random() * TARGETS)}`, failure, ends: Object.fromEntries(ends) };
  });
}

function failureOf(cause: CauseKind, ladder: readonly Rung[], ladders: Ladders, random: Random): Failure {
  const begin = ladder.map(() => 0.05 + 0.9 * random());
  if (ladders === 'well ordered') begin.sort((one, other) => other - one);
  const rates = ladder.map((rung, index) => [rung, walkFrom(begin[index]!, random)] as const);
  const seconds = ladder.map((rung) => [rung, 20 + 60 * random()] as const);
  return { cause, ladder, rates: Object.fromEntries(rates), seconds: Object.fromEntries(seconds) };
}

/** A rate that moves a little every day, between hardly ever and nearly always. */
function walkFrom(begin: number, random: Random): readonly number[] {
  let rate = begin;
  return Array.from({ length: DAYS }, () => {
    rate = Math.min(0.98, Math.max(0.02, rate + DRIFT * (random() < 0.5 ? -1 : 1)));
    return rate;
  });
}

function endOf({ rates, seconds }: Failure, rung: Rung, day: number, random: Random): TrueEnd {
  const spread = Math.exp(0.5 * (random() + random() + random() - 1.5));
  const [cures, lasts, harms] = [random() < rates[rung]![day]!, random() >= RELAPSES, random() < HARM];
  return { cures: cures && !harms, seconds: seconds[rung]! * spread, lasts, harms };
}
