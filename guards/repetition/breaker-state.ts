import { type Act, wentWrongMs } from '../ledger/ledger.ts';
import type { BreakerLimits } from '../limits.ts';

const OPEN_SECONDS_MAX = 86_400;

/** Where a circuit breaker is: worked out anew from the acts each time, so that nothing can make it forget. */
export type BreakerState =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly failures: number; readonly sinceMs: number; readonly untilMs: number }
  /** One act may try whether things are better. */
  | { readonly kind: 'halfOpen'; readonly failures: number; readonly sinceMs: number; readonly probe: string | null };

type Step = { readonly atMs: number; readonly kind: 'good' | 'bad'; readonly grantedMs: number };

/** @param acts of the breaker's scope. @param resetMs what happened until then no longer counts; null when nobody reset it. */
export function breakerState(
  acts: readonly Act[],
  { failures, withinSeconds, openSeconds }: BreakerLimits,
  resetMs: number | null,
  nowMs: number,
): BreakerState {
  let bad: number[] = [];
  let open: { sinceMs: number; untilMs: number; times: number } | null = null;
  for (const { atMs, kind, grantedMs } of stepsOf(acts.filter(({ grantedMs }) => resetMs === null || grantedMs > resetMs))) {
    const isProbe = open !== null && grantedMs >= open.untilMs;
    if (kind === 'good') {
      if (isProbe) [open, bad] = [null, []];
      continue;
    }
    bad = [...bad.filter((at) => atMs - at < withinSeconds * 1000), atMs];
    if (open === null && bad.length < failures) continue;
    const times: number = isProbe ? open!.times + 1 : (open?.times ?? 1);
    open = { sinceMs: atMs, untilMs: atMs + 1000 * Math.min(OPEN_SECONDS_MAX, openSeconds * 2 ** (times - 1)), times };
  }
  if (open === null) return { kind: 'closed', failures: bad.filter((at) => nowMs - at < withinSeconds * 1000).length };
  if (nowMs < open.untilMs) return { kind: 'open', failures: bad.length, sinceMs: open.sinceMs, untilMs: open.untilMs };
  const { untilMs } = open;
  const probe = acts.find((act) => act.outcome === null && act.grantedMs >= untilMs);
  return { kind: 'halfOpen', failures: bad.length, sinceMs: untilMs, probe: probe?.incident ?? null };
}

/** What acts came to, in the order in which it happened: a cure that did not last went well first, and wrong later. */
function stepsOf(acts: readonly Act[]): readonly Step[] {
  const steps = acts.flatMap((act): Step[] => {
    const { grantedMs, endedMs, outcome } = act;
    const wrongMs = wentWrongMs(act);
    return [
      ...(outcome === 'recovered' && endedMs !== null ? [{ atMs: endedMs, kind: 'good' as const, grantedMs }] : []),
      ...(wrongMs === null ? [] : [{ atMs: wrongMs, kind: 'bad' as const, grantedMs }]),
    ];
  });
  return steps.sort((a, b) => a.atMs - b.atMs);
}
