import { describe, expect, it } from '@jest/globals';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import { courseOf } from '../../worker/histories/course-of.ts';
import type { HistoryEvent } from '../../worker/histories/event.ts';

function history(...all: readonly (readonly [number, Partial<HistoryEvent>])[]): readonly HistoryEvent[] {
  return all.map(
    ([seconds, one], index) => ({ eventId: index + 1, eventTime: msNumberToTs(seconds * 1000), ...one }) as unknown as HistoryEvent,
  );
}

const phase = (data: unknown) => ({
  upsertWorkflowSearchAttributesEventAttributes: {
    searchAttributes: { indexedFields: { ParamedicPhase: { data: Buffer.from(JSON.stringify(data)) } } },
  },
});
const timer = { timerStartedEventAttributes: {} };
const fired = (startedEventId: number) => ({ timerFiredEventAttributes: { startedEventId } }) as never;
const cancelled = (startedEventId: number) => ({ timerCanceledEventAttributes: { startedEventId } }) as never;

describe('courseOf()', () => {
  it('has each phase since when it was entered, and once that was entered twice', () => {
    const other = { upsertWorkflowSearchAttributesEventAttributes: { searchAttributes: { indexedFields: { ParamedicCause: {} } } } };
    const events = history([0, phase('settling')], [2, other], [5, phase(['diagnosing'])], [6, phase('diagnosing')], [9, phase('closed')]);
    expect(courseOf(events).phases).toEqual([
      { phase: 'settling', sinceMs: 0 },
      { phase: 'diagnosing', sinceMs: 5_000 },
      { phase: 'closed', sinceMs: 9_000 },
    ]);
  });

  it('has the timers that were begun while it was looked at, until they ended, and no others', () => {
    const events = history(
      ...([
        [0, phase('settling')],
        [0, timer],
        [5, fired(2)],
        [5, phase('diagnosing')],
        [6, timer],
        [16, fired(5)],
      ] as const),
      ...([
        [17, timer],
        [20, cancelled(7)],
        [21, timer],
        [22, phase('escalated')],
        [23, timer],
        [99, fired(11)],
      ] as const),
    );
    expect(courseOf(events).waits).toEqual([
      { fromMs: 6_000, toMs: 16_000 },
      { fromMs: 17_000, toMs: 20_000 },
    ]);
  });
});
