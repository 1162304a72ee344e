import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { msNumberToTs } from '@temporalio/common/lib/time.js';
import type { HistoryEvent } from '../../worker/histories/event.ts';
import { judgedIn } from '../../worker/histories/judged-in.ts';

const client = {
  workflow: { options: { loadedDataConverter: { payloadConverter: defaultPayloadConverter, payloadCodecs: [] } } },
} as never;

function accepted(name: string, call: unknown): HistoryEvent {
  const input = { name, args: { payloads: [defaultPayloadConverter.toPayload(call)] } };
  return {
    eventTime: msNumberToTs(5_000),
    workflowExecutionUpdateAcceptedEventAttributes: { acceptedRequest: { input } },
  } as unknown as HistoryEvent;
}

describe('judgedIn()', () => {
  it('finds what people said of incidents, and nothing else that they said', async () => {
    const call = { incident: 'outage/a', says: 'wrong', by: 'anna', reason: 'It was the network.' };
    const events = [accepted('judge', call), accepted('judge', { ...call, run: 'r', says: 'right' }), accepted('reset', call)];
    expect(await judgedIn(client, events)).toEqual([
      { incident: 'outage/a', run: null, says: 'wrong', atMs: 5_000 },
      { incident: 'outage/a', run: 'r', says: 'right', atMs: 5_000 },
    ]);
  });

  it('takes a word on the cause alone for none on what was done', async () => {
    expect(
      await judgedIn(client, [accepted('judge', { incident: 'outage/a', cause: 'flake', by: 'anna' }), accepted('judge', 'x')]),
    ).toEqual([]);
  });
});
