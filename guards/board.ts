import { suspectText } from '../incident/suspect.ts';
import { demotionName } from './ledger/demotions.ts';
import { type Act, actsDone, type Ledger, type PastRefusal } from './ledger/ledger.ts';
import type { BreakerLimits, Rate } from './limits.ts';
import { freezeText } from './people/freeze.ts';
import { type RateScope, timesOf } from './reach/rate-limit.ts';
import { BREAKERS, breakersOf, stateOf } from './repetition/circuit-breaker.ts';

/** A circuit breaker that is not closed, or on its way. */
export interface BreakerRow {
  /** Such as `target ml/Deployment/ranker`. */
  readonly name: string;
  readonly state: 'closed' | 'open' | 'halfOpen';
  readonly failures: number;
  readonly failuresMax: number;
  /** When it lets one try through, epoch milliseconds; null unless it is open. */
  readonly untilMs: number | null;
  /** The layer its limit comes from. */
  readonly from: string;
}

/** How much of a rate is used. */
export interface BudgetRow {
  /** Such as `acts in namespace ml`. */
  readonly name: string;
  readonly used: number;
  readonly max: number;
  readonly perSeconds: number;
  /** When the next becomes free, epoch milliseconds; null when nothing is used. */
  readonly freeMs: number | null;
  readonly from: string;
}

/** A permit that is out. */
interface LeaseRow {
  readonly id: string;
  readonly incident: string;
  readonly target: string;
  readonly remedy: string;
  readonly sinceMs: number;
}

/** What people see of a permit office: everything that refuses or soon may, with its reason and time. */
export interface Board {
  readonly atMs: number;
  /** Whole sentences. */
  readonly freezes: readonly string[];
  readonly storms: readonly string[];
  /** What a person must allow each time, by the name under which it is lifted, and why. */
  readonly demotions: readonly { readonly name: string; readonly why: string; readonly sinceMs: number }[];
  readonly breakers: readonly BreakerRow[];
  readonly budgets: readonly BudgetRow[];
  readonly leases: readonly LeaseRow[];
  readonly holds: readonly { readonly incident: string; readonly targets: readonly string[]; readonly sinceMs: number }[];
  /** The latest refusals, oldest first. */
  readonly refusals: readonly PastRefusal[];
  /** Since when the record is lost; null when it is whole. */
  readonly lostMs: number | null;
}

/** The record as people see it at this moment. */
export function boardOf(ledger: Ledger, clockMs: number): Board {
  const nowMs = Math.max(clockMs, ledger.latestMs);
  return {
    atMs: nowMs,
    freezes: ledger.freezes.filter(({ untilMs }) => untilMs === null || untilMs > nowMs).map(freezeText),
    storms: ledger.storms.map(
      ({ suspect, targetCount, sinceMs }) =>
        `${targetCount} targets fail that share ${suspectText(suspect)}, since ${timeText(sinceMs)} UTC.`,
    ),
    demotions: ledger.demotions.map((one) => ({ name: demotionName(one), why: one.why, sinceMs: one.atMs })),
    breakers: breakerRows(ledger, nowMs),
    budgets: budgetRows(ledger, nowMs),
    leases: ledger.acts
      .filter(({ outcome }) => outcome === null)
      .map(({ id, incident, target, remedy, grantedMs }) => ({ id, incident, target, remedy, sinceMs: grantedMs })),
    holds: ledger.holds.map(({ incident, targets, sinceMs }) => ({ incident, targets, sinceMs })),
    refusals: ledger.refusals,
    lostMs: ledger.lostMs,
  };
}

function breakerRows(ledger: Ledger, nowMs: number): BreakerRow[] {
  // Sorted out once: thousands of acts under dozens of layers would keep the office from answering.
  const byBreaker = BREAKERS.map((kind) => [kind, grouped(actsDone(ledger), (act) => breakersOf(act)[kind])] as const);
  return ledger.layers.flatMap(({ from, limits: { breakers } }) =>
    byBreaker.flatMap(([kind, groups]) => {
      const limits = breakers?.[kind];
      return limits ? [...groups].flatMap(([name, acts]) => breakerRow({ ...ledger, acts }, name, limits, from, nowMs)) : [];
    }),
  );
}

function breakerRow(ledger: Ledger, name: string, limits: BreakerLimits, from: string, nowMs: number): BreakerRow[] {
  const state = stateOf(ledger, name, limits, nowMs);
  if (state.kind === 'closed' && state.failures === 0) return [];
  const untilMs = state.kind === 'open' ? state.untilMs : null;
  return [{ name, state: state.kind, failures: state.failures, failuresMax: limits.failures, untilMs, from }];
}

function budgetRows(ledger: Ledger, nowMs: number): BudgetRow[] {
  const done = actsDone(ledger);
  const byScope: Readonly<Record<RateScope, ReadonlyMap<string, readonly Act[]>>> = {
    remedy: grouped(done, ({ remedy }) => `acts of ${remedy}`),
    namespace: grouped(done, ({ namespace }) => `acts in namespace ${namespace}`),
    cluster: new Map([['acts in the cluster', done]]),
    allClusters: new Map([['acts in all clusters', done]]),
  };
  return ledger.layers.flatMap(({ from, limits: { rates } }) =>
    (Object.keys(byScope) as RateScope[]).flatMap((scope) => {
      const rate = rates?.[scope];
      return rate ? [...byScope[scope]].map(([name, acts]) => budget(acts, name, rate, from, nowMs)) : [];
    }),
  );
}

function budget(acts: readonly Act[], name: string, { max, perSeconds }: Rate, from: string, nowMs: number): BudgetRow {
  const spanMs = perSeconds * 1000;
  const times = timesOf(acts, nowMs)
    .filter((at) => nowMs - at < spanMs)
    .sort((a, b) => a - b);
  // Where a limit was lowered meanwhile, more than one must leave before the next may come.
  const leavesFirst = times[Math.max(0, times.length - max)];
  return { name, used: times.length, max, perSeconds, freeMs: leavesFirst === undefined ? null : leavesFirst + spanMs, from };
}

function grouped(acts: readonly Act[], nameOf: (act: Act) => string): ReadonlyMap<string, readonly Act[]> {
  const groups = new Map<string, Act[]>();
  for (const act of acts) {
    const name = nameOf(act);
    const group = groups.get(name);
    if (group) group.push(act);
    else groups.set(name, [act]);
  }
  return groups;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
