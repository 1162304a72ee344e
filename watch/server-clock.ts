/** Times told by the API server's `Date` have no fractions of a second, and take their time to come. */
const TOLERANCE_MS = 2_000;

/**
 * The API server's time between its answers. This machine's own clock is not asked: a step of it, or that it is wrong, changes nothing.
 */
export interface ServerClock {
  /** @param serverMs what an answer of the API server says the time is */
  told(serverMs: number): void;
  /** Epoch milliseconds; null before the first answer. */
  nowMs(): number | null;
}

/** @param elapsedMs milliseconds of a clock that is never set, from whatever beginning */
export function openServerClock(elapsedMs: () => number): ServerClock {
  let aheadMs: number | null = null;
  return {
    told(serverMs) {
      const told = serverMs - elapsedMs();
      if (aheadMs === null || Math.abs(told - aheadMs) > TOLERANCE_MS) aheadMs = told;
    },
    nowMs: () => (aheadMs === null ? null : aheadMs + elapsedMs()),
  };
}
