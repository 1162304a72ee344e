import type { Interval, PhaseSince } from '../../reporting/history/run.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { type HistoryEvent, timeOf } from './event.ts';

/** The phase in which nothing is waited for but what others do. */
const LOOKING = 'diagnosing';

/** The phases of an incident, and the timers that were begun while it was looked at. */
export function courseOf(events: readonly HistoryEvent[]): { readonly phases: readonly PhaseSince[]; readonly waits: readonly Interval[] } {
  const phases: PhaseSince[] = [];
  const begun = new Map<string, number>();
  const waits: Interval[] = [];
  for (const event of events) {
    const atMs = timeOf(event);
    const phase = phaseIn(event);
    if (phase !== null && phase !== phases.at(-1)?.phase) phases.push({ phase, sinceMs: atMs });
    if (event.timerStartedEventAttributes && phases.at(-1)?.phase === LOOKING) begun.set(String(event.eventId), atMs);
    const ended = String((event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes)?.startedEventId);
    const fromMs = begun.get(ended);
    if (fromMs !== undefined) waits.push({ fromMs, toMs: atMs });
  }
  return { phases, waits };
}

function phaseIn({ upsertWorkflowSearchAttributesEventAttributes: upserted }: HistoryEvent): string | null {
  const data = upserted?.searchAttributes?.indexedFields?.[incidentAttributes.phase.name]?.data;
  const phase: unknown = data ? JSON.parse(Buffer.from(data).toString('utf8')) : null;
  const [first] = Array.isArray(phase) ? phase : [phase];
  return typeof first === 'string' ? first : null;
}
