import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { FAILURE_TYPES } from '../../incident/failure-type.ts';
import type { RunAbout, RunRead } from '../../reporting/history/run.ts';
import type { IncidentInput } from '../../workflows/messages.ts';
import { orNullIfGone } from '../or-null-if-gone.ts';
import { auditedIn } from './audited.ts';
import { countActions } from './count-actions.ts';
import { courseOf } from './course-of.ts';
import { type HistoryEvent, timeOf } from './event.ts';
import { sentIn } from './sent-in.ts';

/** Types of workflows of which each run is an incident, or a part of one. */
export const INCIDENT_TYPES: readonly string[] = [...FAILURE_TYPES, 'commonCause'];

const ENDS: Readonly<Record<string, RunRead['end']>> = {
  RUNNING: 'open',
  PAUSED: 'open',
  COMPLETED: 'closed',
  // A person cancelled it, and it wrote down that it ended so.
  CANCELLED: 'closed',
  CONTINUED_AS_NEW: 'continued',
};

/** A run as it is listed. */
export type Listed = Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'type' | 'startTime' | 'closeTime' | 'status' | 'typedSearchAttributes'
>;

/** A time, from and until when in epoch milliseconds; the end is no part of it. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The history of a run; null where Temporal has it no more. */
export async function eventsOf({ workflow }: Pick<Client, 'workflow'>, id: string, run: string): Promise<readonly HistoryEvent[] | null> {
  const history = await orNullIfGone(() => workflow.getHandle(id, run).fetchHistory());
  return history === null ? null : (history.events ?? []);
}

/** @param span whose Actions are counted */
export async function readRun(
  client: Pick<Client, 'workflow'>,
  { workflowId, runId, type, startTime, closeTime, status }: Listed,
  events: readonly HistoryEvent[],
  span: Span,
): Promise<RunRead> {
  const { about, openedAt } = await beginning(client, type, events);
  return {
    ...{ incident: workflowId, run: runId, ...about },
    openedAt: openedAt ?? startTime.toISOString(),
    startedMs: startTime.getTime(),
    endedMs: closeTime?.getTime() ?? null,
    end: ENDS[status.name] ?? 'broken',
    entries: (await auditedIn(client, events)).map(({ entry }) => entry),
    ...courseOf(events),
    sent: await sentIn(client, events),
    actions: countActions(events, span.fromMs, span.toMs),
  };
}

/** What an incident began with, and when, where an earlier run did. */
async function beginning({ workflow }: Pick<Client, 'workflow'>, type: string, events: readonly HistoryEvent[]) {
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const [input] = await decodeArrayFromPayloads(workflow.options.loadedDataConverter, started?.input?.payloads);
  const { target, runbook, carried } = (input ?? {}) as Partial<IncidentInput>;
  const about: RunAbout = { type, target: target ?? null, runbook: runbook?.name ?? null, mode: runbook?.mode ?? null };
  const firstMs = events[0] ? timeOf(events[0]) : null;
  return { about, openedAt: carried?.openedAt ?? (firstMs === null ? null : new Date(firstMs).toISOString()) };
}
