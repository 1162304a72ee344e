import { refuse } from '../guard.ts';
import type { Rate } from '../limits.ts';
import type { GuardName, Refusal } from '../permit.ts';

/** When to ask again where waiting alone may not help. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Refuses when a window that ends now is full. Exact: a time leaves the window the moment it is its whole length old. Times of now
 * are of what is not over, and leave only once it is.
 */
export function windowFull(
  guard: GuardName,
  { max, perSeconds }: Rate,
  timesMs: readonly number[],
  nowMs: number,
  text: (full: { readonly max: number; readonly span: string }) => string,
): Refusal | null {
  if (!isLimit(max) || !isLimit(perSeconds)) return notALimit(guard, 'a rate', max);
  const within = timesMs.filter((at) => nowMs - at < perSeconds * 1000);
  if (within.length < max) return null;
  const leavesFirst = within.sort((a, b) => a - b)[within.length - max]!;
  const retryAtMs = leavesFirst + (leavesFirst === nowMs ? Math.min(LOOK_AGAIN_MS, perSeconds * 1000) : perSeconds * 1000);
  return refuse(guard, text({ max, span: spanText(perSeconds) }), retryAtMs);
}

/** What is no whole number of at least one would limit nothing, or everything by mistake. */
export function isLimit(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

export function notALimit(guard: GuardName, name: string, value: number): Refusal {
  return refuse(guard, `The limit ${name} cannot be read (${value}), so nothing is done under it.`, null);
}

/** A length of time as people say it. */
export function spanText(seconds: number): string {
  const [count, unit] =
    seconds % 86_400 === 0
      ? [seconds / 86_400, 'day']
      : seconds % 3600 === 0
        ? [seconds / 3600, 'hour']
        : seconds % 60 === 0
          ? [seconds / 60, 'minute']
          : [seconds, 'second'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
