import { targetText } from '../../incident/target.ts';
import { firstRefusal, type Guard, limitsOf, refuse } from '../guard.ts';
import { type Act, actsDone, type Ledger } from '../ledger/ledger.ts';
import type { BreakerLimits } from '../limits.ts';
import { type BreakerState, breakerState } from './breaker-state.ts';
import { isLimit, notALimit } from './window.ts';

/** What breakers there are: each has its own count. */
export const BREAKERS = ['target', 'remedy', 'runbook'] as const;
export type BreakerKind = (typeof BREAKERS)[number];

const LOOK_AGAIN_MS = 30_000;

/** Refuses what keeps going wrong: on one target, by one remedy, or by one runbook. */
export const circuitBreaker: Guard = (asked) => {
  for (const kind of BREAKERS) {
    const refusal = firstRefusal(
      limitsOf(asked.request, ({ breakers }) => breakers?.[kind]),
      (limits, from) => judge(asked, kind, limits, from),
    );
    if (refusal) return refusal;
  }
  return null;
};

function judge(
  { request, ledger, nowMs }: Parameters<Guard>[0],
  kind: BreakerKind,
  limits: BreakerLimits,
  from: string,
): ReturnType<Guard> {
  if (![limits.failures, limits.withinSeconds, limits.openSeconds].every(isLimit))
    return notALimit('circuit-breaker', `breakers.${kind}`, limits.failures);
  const { target, remedy, runbook } = request;
  const name = breakersOf({ target: targetText(target), remedy, runbook })[kind];
  const state = stateOf(ledger, name, limits, nowMs);
  if (state.kind === 'closed') return null;
  const why = `The circuit breaker of ${name} is open after ${state.failures} acts that did not help for good (limit of ${from}).`;
  if (state.kind === 'open')
    return refuse('circuit-breaker', `${why} It lets one try through at ${new Date(state.untilMs).toISOString()}.`, state.untilMs);
  return state.probe === null ? null : refuse('circuit-breaker', `${why} One try is under way, by ${state.probe}.`, nowMs + LOOK_AGAIN_MS);
}

/** Every breaker that an act counts for, by its name, such as `target ml/Deployment/ranker`. */
export function breakersOf(act: Pick<Act, BreakerKind>): Readonly<Record<BreakerKind, string>> {
  return { target: `target ${act.target}`, remedy: `remedy ${act.remedy}`, runbook: `runbook ${act.runbook}` };
}

/** Where the breaker of this name is. */
export function stateOf(ledger: Ledger, name: string, limits: BreakerLimits, nowMs: number): BreakerState {
  const kind = BREAKERS.find((one) => name.startsWith(`${one} `));
  const what = name.slice(name.indexOf(' ') + 1);
  const acts = kind === undefined ? [] : actsDone({ acts: ledger.acts.filter((act) => act[kind] === what) });
  const resets = ledger.resets.filter(({ of }) => of === name).map(({ atMs }) => atMs);
  return breakerState(acts, limits, resets.length === 0 ? null : Math.max(...resets), nowMs);
}
