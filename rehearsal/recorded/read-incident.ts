import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import type { Alert } from '../../incident/alert.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { FAILURE_TYPES, type FailureType } from '../../incident/failure-type.ts';
import { type HistoryEvent, timeOf } from '../../worker/histories/event.ts';
import type { Policy } from '../../workflows/carried.ts';
import type { DecisionCall, IncidentInput } from '../../workflows/messages.ts';
import { RecordedIncident } from './recorded.ts';
import { openRecorder, type Recorder } from './recorder.ts';

type Payloads = Parameters<typeof decodeArrayFromPayloads>[1];
type Decode = (payloads: Payloads) => Promise<unknown[]>;

/** Those of which people do not decide everything. */
export const REPLAYED_TYPES: readonly FailureType[] = FAILURE_TYPES.filter(
  (type) => type !== 'dataQuality' && type !== 'accuracyDegradation',
);

/** The history of one run of an incident. */
export interface RunHistory {
  readonly run: string;
  readonly events: readonly HistoryEvent[];
}

/**
 * What an incident's history tells, as it can be played once more.
 * @param runs the first one first
 * @throws one sentence that says why it cannot be
 */
export async function readIncident(
  { workflow }: Pick<Client, 'workflow'>,
  incident: string,
  runs: readonly RunHistory[],
): Promise<RecordedIncident> {
  const decode: Decode = (payloads) => decodeArrayFromPayloads(workflow.options.loadedDataConverter, payloads);
  const started = runs[0]?.events[0]?.workflowExecutionStartedEventAttributes;
  const [input] = (await decode(started?.input?.payloads)) as [Partial<IncidentInput> | undefined];
  const { target, runbook } = input ?? {};
  const cannot = `Cannot replay ${incident}`;
  if (!target || !runbook)
    throw new Error(`${cannot}: its history does not tell its target and its runbook; it is of no incident that is healed.`);
  if (!REPLAYED_TYPES.includes(runbook.failureType))
    throw new Error(`${cannot}: what becomes of ${runbook.failureType} is decided by people, and a replay cannot stand for them.`);
  const last = runs.at(-1)!;
  if (!isOver(last.events)) throw new Error(`${cannot}: it is still open, and a replay needs the whole of it.`);
  const recorder = openRecorder();
  for (const { events } of runs) await tell(recorder, events, decode);
  const { name, failureType, mode } = runbook;
  const told = recorder.recorded();
  const recorded = {
    ...{ shape: 1, incident, run: last.run, openedAt: new Date(timeOf(runs[0]!.events[0]!)).toISOString(), target },
    ...{ runbook: { name, failureType, mode }, ...told, pinned: { ...told.pinned, [name]: runbook } },
  };
  const parsed = RecordedIncident.safeParse(recorded);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${cannot}: its history was written by another version: ${issue!.path.join('.')}: ${issue!.message}.`);
}

/** Of one history, in its order. */
async function tell(recorder: Recorder, events: readonly HistoryEvent[], decode: Decode): Promise<void> {
  const asked = new Map<string, { readonly activity: string; readonly args: readonly unknown[] }>();
  const refused = new Set(
    events.flatMap(({ workflowExecutionUpdateCompletedEventAttributes: done }) =>
      done?.outcome?.failure ? [String(done.acceptedEventId)] : [],
    ),
  );
  for (const event of events) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const args = await decode(scheduled.input?.payloads);
      const activity = scheduled.activityType?.name ?? '';
      asked.set(String(event.eventId), { activity, args });
      if (activity === 'audit') recorder.wrote(args[1] as AuditEntry);
    }
    const done = event.activityTaskCompletedEventAttributes;
    const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    const call = asked.get(String((done ?? failed)?.scheduledEventId));
    if (call && done) recorder.ended(call.activity, call.args, { kind: 'done', value: (await decode(done.result?.payloads))[0] });
    if (call && failed) recorder.ended(call.activity, call.args, { kind: 'failed', failure: failureOf(failed.failure) });
    await tellMessage(recorder, event, decode, refused);
  }
}

async function tellMessage(recorder: Recorder, event: HistoryEvent, decode: Decode, refused: ReadonlySet<string>): Promise<void> {
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal?.signalName === 'alertsFired') {
    const [alerts, policy] = (await decode(signal.input?.payloads)) as [readonly Alert[], Partial<Policy> | undefined];
    recorder.fired(alerts, policy?.runbook ?? null);
  }
  if (signal?.signalName === 'alertResolved') recorder.resolved((await decode(signal.input?.payloads))[0] as Alert);
  const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
  if (update?.name !== 'decide' || refused.has(String(event.eventId))) return;
  recorder.decided((await decode(update.args?.payloads))[0] as DecisionCall);
}

function failureOf(failure: Failure): { readonly type: string; readonly message: string } {
  const told = failure?.cause ?? failure;
  return { type: told?.applicationFailureInfo?.type || 'Refused', message: told?.message || 'It failed.' };
}

type Failure = NonNullable<HistoryEvent['activityTaskFailedEventAttributes']>['failure'];

/** Completed, or a person cancelled it. */
function isOver(events: readonly HistoryEvent[]): boolean {
  const last = events.at(-1);
  return Boolean(last?.workflowExecutionCompletedEventAttributes ?? last?.workflowExecutionCanceledEventAttributes);
}
