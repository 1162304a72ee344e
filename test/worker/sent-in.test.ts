import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import type { HistoryEvent } from '../../worker/histories/event.ts';
import { sentIn } from '../../worker/histories/sent-in.ts';

const client = {
  workflow: { options: { loadedDataConverter: { payloadConverter: defaultPayloadConverter, payloadCodecs: [] } } },
} as never;
const payloads = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });

/** Activities that were done, each with what it was given and gave back. */
function history(...done: readonly (readonly [string, unknown, unknown])[]): readonly HistoryEvent[] {
  return done.flatMap(([name, given, gave], index) => {
    const id = index * 2 + 1;
    return [
      { eventId: id, activityTaskScheduledEventAttributes: { activityType: { name }, input: payloads(given) } },
      {
        eventId: id + 1,
        eventTime: msNumberToTs(id * 1000),
        activityTaskCompletedEventAttributes: { scheduledEventId: id, result: payloads(gave) },
      },
    ] as unknown as HistoryEvent[];
  });
}

const notice = (kind: string) => ({ notice: { kind }, to: [] });
const taken = { took: [{ channel: 'ops' }], missed: [] };

describe('sentIn()', () => {
  it('has what people were sent by webhooks, once those had taken it', async () => {
    const events = history(['escalate', {}, null], ['askApproval', {}, null], ['examine', {}, {}]);
    expect((await sentIn(client, events)).map(({ kind }) => kind)).toEqual(['page', 'question']);
    expect(await sentIn(client, events.slice(0, 1))).toEqual([]);
  });

  it('has what channels took of pages, questions and reminders, and nothing that none took', async () => {
    const events = history(
      ['tellChannels', notice('page'), { took: [], missed: [{}] }],
      ['tellChannels', notice('page'), taken],
      ['tellChannels', notice('reminder'), taken],
      ['tellChannels', notice('resolved'), taken],
    );
    expect(await sentIn(client, events)).toEqual([
      { kind: 'page', atMs: 3_000 },
      { kind: 'reminder', atMs: 5_000 },
    ]);
  });
});
