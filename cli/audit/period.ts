import { InvalidArgumentError } from 'commander';
import { secondsOf } from '../../incident/time-span.ts';
import type { Period } from '../../reporting/period.ts';

/** A moment as people write it: ISO 8601, or so long ago. */
export function moment(text: string): number {
  const seconds = secondsOf(text);
  if (seconds !== null) return Date.now() - seconds * 1000;
  const isWhole = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const ms = isWhole ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError('It must be so long ago, such as 24h or 7d, or a time such as 2026-03-01 or 2026-03-01T08:00:00Z.');
}

/**
 * @param begins the option that says when it begins
 * @throws a sentence when the period ends before it begins.
 */
export function periodOf(fromMs: number | null, toMs: number | null, begins = '--from'): Period {
  if (fromMs !== null && toMs !== null && fromMs >= toMs)
    throw new Error(
      `The period ends at ${new Date(toMs).toISOString()}, and begins at ${new Date(fromMs).toISOString()}: ${begins} must be before --to.`,
    );
  return { fromMs, toMs };
}
