import { ACTION_KINDS, type ActionKind, type BillableActions, NO_ACTIONS } from '../../reporting/history/billable.ts';
import { type HistoryEvent, timeOf } from './event.ts';

/** Set by Temporal's SDK itself for `patched`, and not counted. */
const OF_VERSIONS = 'TemporalChangeVersion';

/**
 * The Actions that a history tells of, of a time.
 * @param events of the whole history, since one event may tell what another one is
 */
export function countActions(events: readonly HistoryEvent[], fromMs: number, toMs: number): BillableActions {
  const counts: Record<ActionKind, number> = { ...NO_ACTIONS };
  const markedBy = new Set<string>();
  const scheduled = new Set<string>();
  for (const [index, event] of events.entries()) {
    const { activityTaskScheduledEventAttributes: asked, activityTaskStartedEventAttributes: started } = event;
    const timeMs = timeOf(event);
    const isWithin = timeMs >= fromMs && timeMs < toMs;
    if (isWithin && asked) scheduled.add(String(event.eventId));
    if (started) scheduled.delete(String(started.scheduledEventId));
    scheduled.delete(String(event.activityTaskCanceledEventAttributes?.scheduledEventId));
    scheduled.delete(String(event.activityTaskTimedOutEventAttributes?.scheduledEventId));
    if (!isWithin) continue;
    const found = actionOf(event, index, markedBy);
    // The event is written when the activity ends, with how often it was tried.
    if (found) counts[found] += started?.attempt ?? 1;
  }
  // What is being tried has no event yet.
  counts.activities += scheduled.size;
  return Object.fromEntries(ACTION_KINDS.map((kind) => [kind, counts[kind]])) as BillableActions;
}

function actionOf(event: HistoryEvent, index: number, markedBy: Set<string>): ActionKind | null {
  if (event.workflowExecutionStartedEventAttributes) return 'starts';
  // A start with a signal is one Action, and has both events.
  if (event.workflowExecutionSignaledEventAttributes) return index === 1 ? null : 'signals';
  if (event.activityTaskStartedEventAttributes) return 'activities';
  if (event.timerStartedEventAttributes) return 'timers';
  if (event.workflowExecutionUpdateAcceptedEventAttributes) return 'updates';
  if (event.startChildWorkflowExecutionInitiatedEventAttributes) return 'childWorkflows';
  if (event.workflowExecutionOptionsUpdatedEventAttributes) return 'options';
  const upserted = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
  if (upserted) return Object.keys(upserted).every((name) => name === OF_VERSIONS) ? null : 'searchAttributes';
  const marker = event.markerRecordedEventAttributes;
  if (!marker) return null;
  // All markers of one workflow task are one.
  const task = String(marker.workflowTaskCompletedEventId);
  if (markedBy.has(task)) return null;
  markedBy.add(task);
  return 'markers';
}
