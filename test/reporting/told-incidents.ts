import type { AuditEntry } from '../../incident/audit-entry.ts';
import { reportFromHistories } from '../../reporting/from-histories.ts';
import { NO_ACTIONS } from '../../reporting/history/billable.ts';
import type { HistoriesRead } from '../../reporting/history/read.ts';
import type { RunRead } from '../../reporting/history/run.ts';
import type { Report } from '../../reporting/measures/report.ts';

export const DAY_MS = 86_400_000;
/** The week that the reports are of. */
export const WEEK = { fromMs: Date.parse('2026-03-02T00:00:00Z'), toMs: Date.parse('2026-03-09T00:00:00Z'), cluster: null };
export const ANNA = { id: 'U0ANNA', name: 'anna', way: 'slack' as const, groups: [] };

/** A moment of the week, so many seconds after it began. */
export const at = (seconds: number): string => new Date(WEEK.fromMs + seconds * 1000).toISOString();
export const msAt = (seconds: number): number => WEEK.fromMs + seconds * 1000;

/** What happened, when, in seconds after the incident was opened. */
export type Happened = readonly [number, AuditEntry['step'], Partial<AuditEntry>?];

let incidents = 0;

/** An incident by what happened in it. @param opened seconds after the week began */
export function incident(opened: number, happened: readonly Happened[], change: Partial<RunRead> = {}): RunRead {
  const number = ++incidents;
  const { incident: id = `outage/local/ml/Deployment/ranker-${number}`, run = `run-${number}` } = change;
  const target =
    change.target === undefined ? { cluster: 'local', namespace: 'ml', kind: 'Deployment', name: `ranker-${number}` } : change.target;
  const closed = happened.find(([, step]) => step === 'Closed');
  const common = { incident: id, run, openedAt: at(opened), ...(target ? { target } : {}) };
  const entries = happened.map(([seconds, step, details]) => ({ ...common, at: at(opened + seconds), step, text: step, ...details }));
  return {
    ...{ incident: id, run, type: 'podCrash', target, runbook: 'pod-crash', mode: 'auto' },
    ...{ openedAt: at(opened), startedMs: msAt(opened), endedMs: closed ? msAt(opened + closed[0]) : null },
    ...{ end: closed ? 'closed' : 'open', entries, phases: [], waits: [], sent: [], actions: NO_ACTIONS },
    ...change,
  };
}

/** What is told of an act: that it is made, and the verdict on it after so many seconds. */
export function act(
  seconds: number,
  kind: 'recovered' | 'notRecovered' | 'worse' | 'contained' | 'unknown',
  remedy = 'undoRelease',
  key = 'k',
): Happened[] {
  const of = { key, remedy, before: 'a', after: 'b' };
  return [
    [seconds, 'Acting', of],
    [seconds + 1, 'Acted', { ...of, result: { kind: 'done', text: 'b' } }],
    [seconds + 11, 'Verified', { key, remedy, result: { kind, text: kind } }],
  ];
}

export function closed(seconds: number, outcome: string, cause?: string): Happened {
  return [seconds, 'Closed', { outcome, ...(cause ? { why: { cause, rule: 'r', evidence: [] } } : {}) }];
}

/** One that is healed by the act, so many seconds after it was opened. */
export function healed(opened: number, after = 60, change: Partial<RunRead> = {}): RunRead {
  return incident(opened, [[0, 'Opened'], ...act(after - 11, 'recovered'), closed(after + 5, 'recovered', 'bad-release')], change);
}

/** The report on them, made at the end of the week. */
export function reportOn(runs: readonly RunRead[], change: Partial<HistoriesRead> & { readonly nowMs?: number } = {}): Report {
  const { nowMs = WEEK.toMs, ...read } = change;
  const linkTo = (id: string, run: string) => `https://ui.example/${encodeURIComponent(id)}/${run}`;
  return reportFromHistories({ runs, beside: [], judgements: [], gone: 0, keptMs: 30 * DAY_MS, ...read }, WEEK, { nowMs, linkTo });
}
