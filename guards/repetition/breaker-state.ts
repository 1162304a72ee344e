import { type Act, wentWrongMs } from '../ledger/ledger.ts';
import type { BreakerLimits } from '../limits.ts';

const OPEN_SECONDS_MAX = 86_400;

/** Where a circuit breaker is: worked out anew from the acts each time, so that nothing can make it forget. */
export type BreakerState =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly failures: number; readonly sinceMs: number; readonly untilMs: number }
  /** One act may try whether things are better. `probe`: the incident whose act is not over yet. */
  | { readonly kind: 'halfOpen'; readonly failures: number; readonly sinceMs: number; readonly probe: string | null };

/** What an act came to, at its time. */
interface Step {
  readonly act: Act;
  readonly atMs: number;
  readonly isGood: boolean;
}

interface Opening {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Acts granted from then on are tries. Later than this only what goes wrong elsewhere meanwhile moves `untilMs`. */
  readonly triesFromMs: number;
  /** How many times in a row it opened. */
  readonly times: number;
}

/** @param acts of the breaker's scope. @param resetMs what came out until then no longer counts; null when nobody reset it. */
export function breakerState(acts: readonly Act[], limits: BreakerLimits, resetMs: number | null, nowMs: number): BreakerState {
  const withinMs = limits.withinSeconds * 1000;
  const bad: number[] = [];
  let open: Opening | null = null;
  /** The act that closed it last, and what it closed. */
  let closed: { readonly by: Act; readonly opening: Opening } | null = null;
  for (const { act, atMs, isGood } of stepsOf(acts, resetMs)) {
    if (isGood) {
      if (open === null || act.grantedMs < open.untilMs) continue;
      closed = { by: act, opening: open };
      open = null;
      bad.length = 0;
      continue;
    }
    while (bad.length > 0 && atMs - bad[0]! >= withinMs) bad.shift();
    bad.push(atMs);
    // A try whose cure did not last was a try that failed.
    const tried: Opening | null = closed?.by === act ? closed.opening : open !== null && act.grantedMs >= open.triesFromMs ? open : null;
    if (open !== null || tried !== null || bad.length >= limits.failures) open = opened(atMs, open, tried, limits.openSeconds);
  }
  if (open === null) return { kind: 'closed', failures: bad.filter((at) => nowMs - at < withinMs).length };
  const { sinceMs, untilMs } = open;
  if (nowMs < untilMs) return { kind: 'open', failures: bad.length, sinceMs, untilMs };
  const probe = acts.find(({ outcome }) => outcome === null);
  return { kind: 'halfOpen', failures: bad.length, sinceMs: untilMs, probe: probe?.incident ?? null };
}

/** @param before how it was open; null when it was closed. @param tried what the act that failed was to end; null when it was no try. */
function opened(atMs: number, before: Opening | null, tried: Opening | null, openSeconds: number): Opening {
  const times = tried === null ? (before?.times ?? 1) : Math.max(tried.times, before?.times ?? 0) + 1;
  const untilMs = atMs + 1000 * Math.min(OPEN_SECONDS_MAX, openSeconds * 2 ** (times - 1));
  const mayBeTriedNow = tried === null && before !== null && atMs >= before.triesFromMs;
  return { sinceMs: atMs, untilMs, triesFromMs: mayBeTriedNow ? before.triesFromMs : untilMs, times };
}

/** What acts came to, in the order in which it happened: a cure that did not last went well first, and wrong later. */
function stepsOf(acts: readonly Act[], resetMs: number | null): readonly Step[] {
  const steps: Step[] = [];
  const isCounted = (atMs: number | null): atMs is number => atMs !== null && (resetMs === null || atMs > resetMs);
  for (const act of acts) {
    const wrongMs = wentWrongMs(act);
    if (act.outcome === 'recovered' && isCounted(act.endedMs)) steps.push({ act, atMs: act.endedMs, isGood: true });
    if (isCounted(wrongMs)) steps.push({ act, atMs: wrongMs, isGood: false });
  }
  return steps.sort((a, b) => a.atMs - b.atMs);
}
