import { grouped } from '../grouped.ts';
import type { Story } from '../stories.ts';
import type { Case } from './case.ts';
import type { Figure, Group, Spread } from './report.ts';

/** Whatever is counted belongs to an incident. */
interface Counted {
  readonly number: number;
}

export function figureOf(all: readonly Counted[]): Figure {
  return { count: all.length, incidents: numbersOf(all) };
}

export function groupsOf<T extends Counted>(all: readonly T[], nameOf: (one: T) => string): Group[] {
  return grouped(all, nameOf).map(([name, some]) => ({ name, ...figureOf(some) }));
}

/** An entry of an incident, in the period. */
export type Entry = Counted & { readonly entry: Story['within'][number] };

export function entriesOf(cases: readonly Case[], is: (entry: Story['within'][number]) => boolean): readonly Entry[] {
  return cases.flatMap(({ number, story }) => story.within.filter(is).map((entry) => ({ number, entry })));
}

/** How long something took in an incident. */
export interface Length extends Counted {
  readonly ms: number;
}

/** A clock that was set meanwhile may make it negative, which says nothing. */
export function lengthOf({ number }: Counted, fromMs: number | null, toMs: number | null): Length[] {
  return fromMs !== null && toMs !== null && toMs >= fromMs ? [{ number, ms: toMs - fromMs }] : [];
}

/** The 90th percentile by nearest rank, so that it is one that was measured; the median between the two in the middle. */
export function spreadOf(lengths: readonly Length[]): Spread {
  const sorted = lengths.map(({ ms }) => ms).sort((one, other) => one - other);
  const at = (index: number) => sorted[index] ?? null;
  const half = (sorted.length - 1) / 2;
  const [low, high] = [at(Math.floor(half)), at(Math.ceil(half))];
  return {
    of: sorted.length,
    medianMs: low === null || high === null ? null : (low + high) / 2,
    p90Ms: at(Math.ceil(sorted.length * 0.9) - 1),
    longestMs: at(sorted.length - 1),
    incidents: numbersOf(lengths),
  };
}

export function shareOf(part: Figure, of: Figure): number | null {
  return of.count === 0 ? null : part.count / of.count;
}

export function numbersOf(all: readonly Counted[]): number[] {
  return [...new Set(all.map(({ number }) => number))].sort((one, other) => one - other);
}
