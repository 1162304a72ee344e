import { suspectText } from '../incident/suspect.ts';
import type { Ledger, PastRefusal } from './ledger/ledger.ts';
import { actsDone } from './ledger/ledger.ts';
import type { LimitLayer, Rate } from './limits.ts';
import { freezeText } from './people/freeze.ts';
import { type RateScope, rateTimes } from './reach/rate-limit.ts';
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
      ({ suspect, targetCount, sinceMs }) => `${targetCount} targets fail that share ${suspectText(suspect)}, since ${timeText(sinceMs)}.`,
    ),
    breakers: ledger.layers.flatMap((layer) => breakersIn(ledger, layer, nowMs)),
    budgets: ledger.layers.flatMap((layer) => budgetsIn(ledger, layer, nowMs)),
    leases: ledger.acts
      .filter(({ outcome }) => outcome === null)
      .map(({ id, incident, target, remedy, grantedMs }) => ({ id, incident, target, remedy, sinceMs: grantedMs })),
    holds: ledger.holds.map(({ incident, targets, sinceMs }) => ({ incident, targets, sinceMs })),
    refusals: ledger.refusals,
    lostMs: ledger.lostMs,
  };
}

function breakersIn(ledger: Ledger, { from, limits: { breakers } }: LimitLayer, nowMs: number): BreakerRow[] {
  return BREAKERS.flatMap((kind) => {
    const limits = breakers?.[kind];
    if (!limits) return [];
    const names = [...new Set(actsDone(ledger).map((act) => breakersOf(act)[kind]))];
    return names.flatMap((name) => {
      const state = stateOf(ledger, name, limits, nowMs);
      if (state.kind === 'closed' && state.failures === 0) return [];
      const untilMs = state.kind === 'open' ? state.untilMs : null;
      return [{ name, state: state.kind, failures: state.failures, failuresMax: limits.failures, untilMs, from }];
    });
  });
}

function budgetsIn(ledger: Ledger, { from, limits: { rates } }: LimitLayer, nowMs: number): BudgetRow[] {
  const done = actsDone(ledger);
  const namesOf: Readonly<Record<RateScope, readonly string[]>> = {
    remedy: done.map(({ remedy }) => remedy),
    namespace: done.map(({ namespace }) => namespace),
    cluster: [''],
    allClusters: [''],
  };
  return (Object.keys(namesOf) as RateScope[]).flatMap((scope) => {
    const rate = rates?.[scope];
    return rate ? [...new Set(namesOf[scope])].map((name) => budget(ledger, scope, name, rate, from, nowMs)) : [];
  });
}

function budget(ledger: Ledger, scope: RateScope, what: string, { max, perSeconds }: Rate, from: string, nowMs: number): BudgetRow {
  const times = rateTimes(ledger, scope, what, nowMs).filter((at) => nowMs - at < perSeconds * 1000);
  const name = {
    remedy: `acts of ${what}`,
    namespace: `acts in namespace ${what}`,
    cluster: 'acts in the cluster',
    allClusters: 'acts in all clusters',
  }[scope];
  return { name, used: times.length, max, perSeconds, freeMs: times.length === 0 ? null : Math.min(...times) + perSeconds * 1000, from };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
