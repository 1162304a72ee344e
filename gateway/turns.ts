import { setImmediate as nextTurn } from 'node:timers/promises';

/** What else the process does, such as saying that it is healthy, waits for no longer than about this. */
const TURN_MS_MAX = 10;

/** Waits for the next turn of the event loop where this one has taken long; whoever waits goes on in one and the same. */
export function openTurns(): () => Promise<void> | undefined {
  let sinceMs = performance.now();
  let next: Promise<void> | undefined;
  return () => {
    if (next === undefined && performance.now() - sinceMs < TURN_MS_MAX) return undefined;
    next ??= nextTurn().then(() => {
      sinceMs = performance.now();
      next = undefined;
    });
    return next;
  };
}
