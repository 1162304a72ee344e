import type { Beside, Judgement, RunRead } from '../history/run.ts';
import { WAITS, type WaitKind } from '../history/waits.ts';
import type { Told } from '../stories.ts';
import { type Bounds, type Case, caseOf } from './case.ts';
import { changesOf } from './changes.ts';
import { costOf } from './cost.ts';
import { healingOf, pagesOf } from './healing.ts';
import { offendersOf } from './offenders.ts';
import { approvalsOf, refusalsOf } from './people.ts';
import type { Incident, Report, Source } from './report.ts';
import { successOf } from './success.ts';
import { summaryOf } from './summary.ts';
import { timesOf } from './times.ts';

/** What a report is made from, beside its stories. */
export interface Ground {
  readonly bounds: Bounds;
  /** When it is made. */
  readonly nowMs: number;
  readonly source: Source;
  /** What ran beside incidents; null: no histories were read. */
  readonly beside: readonly Beside[] | null;
  /** What people said of incidents; null: what was read does not tell. */
  readonly judgements: readonly Judgement[] | null;
  /** The page of a run in the Web UI; null where it is not known where that is. */
  readonly linkTo: (incident: string, run: string) => string | null;
}

/** All that is counted, by the same stories. */
export function measure(
  { stories, before }: Pick<Told, 'stories' | 'before'>,
  { bounds, nowMs, source, beside, judgements, linkTo }: Ground,
): Report {
  const cases = stories.map((story) => caseOf(story, bounds, nowMs));
  const earlier = before.map((story) => caseOf({ number: 0, ...story }, bounds, nowMs));
  return {
    version: 1,
    made: isoOf(nowMs),
    period: { from: isoOf(bounds.fromMs), to: isoOf(bounds.toMs) },
    source,
    incidents: cases.map((one) => incidentOf(one, linkTo)),
    summary: summaryOf(cases, bounds),
    healing: healingOf(cases),
    pages: pagesOf(cases, bounds),
    times: timesOf(cases, bounds),
    changes: changesOf(cases, earlier, judgements),
    guards: refusalsOf(cases),
    approvals: approvalsOf(cases),
    offenders: offendersOf(cases, bounds),
    cost: costOf(cases, beside),
    success: successOf(cases, bounds),
  };
}

function incidentOf(one: Case, linkTo: Ground['linkTo']): Incident {
  const { number, story, failureType, target, cluster, runbook, mode, cause, outcome, isSimulated } = one;
  const orNull = (ms: number | null) => (ms === null ? null : isoOf(ms));
  return {
    ...{ number, id: story.id, run: story.run, link: story.run === null ? null : linkTo(story.id, story.run) },
    ...{ failureType, target, cluster, runbook, mode, cause, outcome, isSimulated },
    ...{ began: orNull(one.beganMs), opened: isoOf(one.openedMs), acted: orNull(one.actedMs) },
    ...{ recovered: orNull(one.recoveredMs), ended: orNull(one.endedMs) },
    waitedMs: one.waits && waitedByKind(one.waits),
  };
}

function waitedByKind(waits: NonNullable<Case['waits']>): NonNullable<Incident['waitedMs']> {
  const kinds = Object.keys(WAITS) as WaitKind[];
  const msOf = (kind: WaitKind) => waits.filter((wait) => wait.kind === kind).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return Object.fromEntries(kinds.flatMap((kind) => (msOf(kind) > 0 ? [[kind, msOf(kind)]] : [])));
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** The entries of runs in the order in which they were written, without what came after the period. */
export function entriesOfRuns(runs: readonly RunRead[], toMs: number): RunRead['entries'] {
  return runs
    .flatMap(({ entries }) => entries)
    .filter(({ at }) => Date.parse(at) < toMs)
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}
