import { targetText } from '../../incident/target.ts';
import { type Act, actsOf } from '../acts.ts';
import type { BillableActions } from '../history/billable.ts';
import { addedActions } from '../history/billable.ts';
import type { Sent } from '../history/run.ts';
import { type Wait, waitsOf } from '../history/waits.ts';
import { causeOf, saidOf } from '../said.ts';
import type { Story } from '../stories.ts';

/** An entry of an incident may be so much younger than its line: clocks of two machines. */
const FUTURE_MS = 120_000;

/** The period of a report, in epoch milliseconds. */
export interface Bounds {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One incident as it is counted. */
export interface Case {
  readonly story: Story;
  readonly number: number;
  readonly failureType: string;
  /** Null: it is about no single target. */
  readonly target: string | null;
  readonly cluster: string | null;
  readonly runbook: string | null;
  readonly mode: string | null;
  readonly cause: string | null;
  /** How it ended, if that was in the period. `broken`: as no incident should. Null: it was open at the end of it. */
  readonly outcome: string | null;
  readonly beganMs: number | null;
  readonly openedMs: number;
  readonly endedMs: number | null;
  readonly actedMs: number | null;
  readonly recoveredMs: number | null;
  readonly isOpenedWithin: boolean;
  readonly isEndedWithin: boolean;
  /** Those that were begun in the period. */
  readonly acts: readonly Act[];
  /** Null: only the trail was read. */
  readonly waits: readonly Wait[] | null;
  readonly sent: readonly Sent[] | null;
  readonly actions: BillableActions | null;
  readonly isSimulated: boolean;
}

/** @param nowMs of whoever reads: what has times after that was not lived through */
export function caseOf(story: Story, { fromMs, toMs }: Bounds, nowMs: number): Case {
  const { number, entries, within, runs } = story;
  const last = runs.at(-1);
  const isWithin = (at: number | null) => at !== null && at >= fromMs && at < toMs;
  const closed = entries.find(({ step }) => step === 'Closed');
  const isBroken = closed === undefined && last?.end === 'broken' && (last.endedMs ?? toMs) < toMs;
  const endedMs = closed ? Date.parse(closed.at) : isBroken ? last.endedMs : null;
  const openedMs = Date.parse(saidOpened(story));
  const target = saidOf(story, 'target') ?? last?.target ?? null;
  const acts = actsOf([story]);
  return {
    ...{ story, number, acts, openedMs, endedMs },
    failureType: last?.type ?? entries.findLast(({ failureType }) => failureType !== undefined)?.failureType ?? typeById(story.id),
    target: target && targetText(target as Parameters<typeof targetText>[0]),
    cluster: target?.cluster ?? (story.id.startsWith('common-cause/') ? (story.id.split('/')[1] ?? null) : null),
    runbook: entries.findLast(({ runbook }) => runbook !== undefined)?.runbook?.name ?? last?.runbook ?? null,
    mode: entries.findLast(({ mode }) => mode !== undefined)?.mode ?? last?.mode ?? null,
    cause: causeOf(story),
    outcome: isWithin(endedMs) ? (closed?.outcome ?? (isBroken ? 'broken' : 'not said')) : null,
    beganMs: timeOf(saidOf(story, 'alert')?.since),
    actedMs: timeOf(entries.find(({ step, result }) => step === 'Acted' && result?.kind === 'done')?.at),
    recoveredMs: recovered(story),
    isOpenedWithin: isWithin(openedMs),
    isEndedWithin: isWithin(endedMs),
    waits: runs.length === 0 ? null : runs.flatMap((run) => waitsOf(run, Math.min(nowMs, toMs))),
    sent: runs.length === 0 ? null : runs.flatMap(({ sent }) => sent),
    actions: runs.length === 0 ? null : addedActions(runs.map(({ actions }) => actions)),
    isSimulated: isSimulated(story, nowMs) || within.some(isBeforeItWasWritten),
  };
}

function saidOpened({ entries, runs }: Story): string {
  const openedAt = entries.find((entry) => entry.openedAt !== undefined)?.openedAt;
  return runs[0]?.openedAt ?? openedAt ?? entries[0]?.at ?? new Date(0).toISOString();
}

/** When its target was verified to be well, for good. What was healed and was not well in the end is not. */
function recovered({ entries }: Story): number | null {
  const closed = entries.find(({ step }) => step === 'Closed');
  const verdict = entries.findLast(({ step }) => step === 'Verified');
  if (closed && closed.outcome !== 'recovered') return null;
  if (verdict?.result?.kind === 'recovered') return Date.parse(verdict.at);
  // It was found to be well without a verdict on what was done.
  return closed ? Date.parse(closed.at) : null;
}

/** On a server that skips time, or by a clock that is set, things happened that have not yet. */
function isSimulated({ entries, runs }: Story, nowMs: number): boolean {
  const latest = [
    ...entries.map(({ at }) => Date.parse(at)),
    ...runs.flatMap(({ startedMs, endedMs }) => [startedMs, endedMs ?? startedMs]),
  ];
  return latest.some((atMs) => atMs > nowMs + FUTURE_MS);
}

/** A line of the trail says when it was written, by a clock that nothing skips. */
function isBeforeItWasWritten(entry: object): boolean {
  const { at, written } = entry as { readonly at: string; readonly written?: string };
  return written !== undefined && Date.parse(at) > Date.parse(written) + FUTURE_MS;
}

function typeById(id: string): string {
  return id.startsWith('common-cause/') ? 'commonCause' : 'not said';
}

function timeOf(at: string | undefined): number | null {
  const ms = Date.parse(at ?? '');
  return Number.isFinite(ms) ? ms : null;
}
