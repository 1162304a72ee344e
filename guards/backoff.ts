import type { Permit } from './permit.ts';

/** Waiting between attempts: `first * factor^(n-1)` seconds after the n-th, never above `max`. */
export interface BackoffLimits {
  readonly firstSeconds: number;
  readonly factor: number;
  readonly maxSeconds: number;
}

/** Refuses until the wait since the last attempt's end is over. */
export function backoff(attemptsMade: number, lastAttemptEndedMs: number | null, limits: BackoffLimits, nowMs: number): Permit {
  if (attemptsMade === 0 || lastAttemptEndedMs === null) return { kind: 'granted' };
  const waitMs = 1000 * Math.min(limits.maxSeconds, limits.firstSeconds * limits.factor ** (attemptsMade - 1));
  const retryAtMs = lastAttemptEndedMs + waitMs;
  if (nowMs >= retryAtMs) return { kind: 'granted' };
  return {
    kind: 'refused',
    guard: 'backoff',
    reason: `Attempt ${attemptsMade} did not help; the next one waits ${waitMs / 1000} s.`,
    retryAtMs,
  };
}
