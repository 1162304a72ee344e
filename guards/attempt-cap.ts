import type { Permit } from './permit.ts';

/**
 * Refuses once an incident has used its attempts. A count that cannot be read counts as the cap
 * reached, never as zero.
 */
export function attemptCap(attemptsMade: number | undefined, attemptsMax: number): Permit {
  if (attemptsMade === undefined || !Number.isInteger(attemptsMade) || attemptsMade < 0) {
    return refused(`The record of past attempts cannot be read (${attemptsMade}), so no further attempt is made.`);
  }
  if (!(attemptsMade < attemptsMax)) {
    return refused(`${attemptsMade} of ${attemptsMax} attempts are used.`);
  }
  return { kind: 'granted' };
}

function refused(reason: string): Permit {
  return { kind: 'refused', guard: 'attempt-cap', reason, retryAtMs: null };
}
