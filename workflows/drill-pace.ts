const HOUR_MS = 3_600_000;

/**
 * How long the next drill has to wait, in milliseconds; 0: it need not.
 * @param healedMs when those that were healed ended, epoch milliseconds, the latest last
 * @param perHour at most so many within an hour
 */
export function waitMs(healedMs: readonly number[], perHour: number, nowMs: number): number {
  const first = healedMs.at(-perHour);
  return first === undefined ? 0 : Math.max(0, first + HOUR_MS - nowMs);
}
