import { describe, expect, it } from '@jest/globals';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import { ACTION_KINDS, type BillableActions } from '../../reporting/history/billable.ts';
import { countActions } from '../../worker/histories/count-actions.ts';
import type { HistoryEvent } from '../../worker/histories/event.ts';

/** Events, one a second, each with these attributes. */
function history(...all: readonly Partial<HistoryEvent>[]): readonly HistoryEvent[] {
  return all.map((one, index) => ({ eventId: index + 1, eventTime: msNumberToTs(index * 1000), ...one }) as unknown as HistoryEvent);
}

/** What was counted, without what is none. */
function counted(events: readonly HistoryEvent[], fromMs = 0, toMs = 3_600_000): Partial<BillableActions> {
  const actions = countActions(events, fromMs, toMs);
  return Object.fromEntries(ACTION_KINDS.flatMap((kind) => (actions[kind] > 0 ? [[kind, actions[kind]]] : [])));
}

const started = { workflowExecutionStartedEventAttributes: {} };
const signaled = { workflowExecutionSignaledEventAttributes: {} };
const task = { workflowTaskScheduledEventAttributes: {} };
const scheduled = { activityTaskScheduledEventAttributes: {} };
const tried = (attempt: number, scheduledEventId: number) =>
  ({ activityTaskStartedEventAttributes: { attempt, scheduledEventId } }) as never;
const marker = (workflowTaskCompletedEventId: number) => ({ markerRecordedEventAttributes: { workflowTaskCompletedEventId } }) as never;
const upserted = (name: string) => ({
  upsertWorkflowSearchAttributesEventAttributes: { searchAttributes: { indexedFields: { [name]: {} } } },
});

describe('countActions()', () => {
  it('counts a start, and one with a signal as one', () => {
    expect(counted(history(started, task))).toEqual({ starts: 1 });
    expect(counted(history(started, signaled, task))).toEqual({ starts: 1 });
    expect(counted(history(started, task, signaled))).toEqual({ starts: 1, signals: 1 });
  });

  it('counts an activity as often as it was tried, also one that is being tried', () => {
    expect(counted(history(scheduled, tried(4, 1)))).toEqual({ activities: 4 });
    expect(counted(history(scheduled, tried(1, 1), scheduled))).toEqual({ activities: 2 });
  });

  it('counts no activity that was cancelled or ran out of time before it began', () => {
    const ends = (name: string) => ({ [name]: { scheduledEventId: 1 } }) as never;
    expect(counted(history(scheduled, ends('activityTaskCanceledEventAttributes')))).toEqual({});
    expect(counted(history(scheduled, ends('activityTaskTimedOutEventAttributes')))).toEqual({});
  });

  it('counts timers, updates, child workflows and options', () => {
    const all = history(
      { timerStartedEventAttributes: {} },
      { workflowExecutionUpdateAcceptedEventAttributes: {} },
      { startChildWorkflowExecutionInitiatedEventAttributes: {} },
      { workflowExecutionOptionsUpdatedEventAttributes: {} },
    );
    expect(counted(all)).toEqual({ timers: 1, updates: 1, childWorkflows: 1, options: 1 });
  });

  it('counts each change of search attributes, but that which the SDK makes for its versions', () => {
    expect(counted(history(upserted('ParamedicPhase'), upserted('TemporalChangeVersion')))).toEqual({ searchAttributes: 1 });
  });

  it('counts all markers of one workflow task as one', () => {
    expect(counted(history(marker(4), marker(4), marker(9)))).toEqual({ markers: 2 });
  });

  it('counts what sends a signal elsewhere there, where it arrives', () => {
    expect(counted(history({ signalExternalWorkflowExecutionInitiatedEventAttributes: {} }))).toEqual({});
  });

  it('counts what was in the time, from its begin to before its end', () => {
    const all = history({ timerStartedEventAttributes: {} }, { timerStartedEventAttributes: {} }, { timerStartedEventAttributes: {} });
    expect(counted(all, 1_000, 2_000)).toEqual({ timers: 1 });
  });
});
