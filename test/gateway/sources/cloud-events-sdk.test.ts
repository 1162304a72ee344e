import { describe, expect, it } from '@jest/globals';
import { CloudEvent, HTTP, type Message } from 'cloudevents';
import { reading } from './all-sources.ts';
import { CLOUD_EVENT } from './samples.ts';

/** What a message of the SDK's is for whoever receives it. */
function received({ headers, body }: Message) {
  const distinct = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [String(value)]]);
  return reading('cloudevents', Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), Object.fromEntries(distinct));
}

describe('an event that CloudEvents’ own SDK sends', () => {
  const event = new CloudEvent({ ...CLOUD_EVENT, extension: 'any' });

  it.each([
    ['structured', () => HTTP.structured(event)],
    ['binary', () => HTTP.binary(event)],
  ])('%s is the alert that it is about', async (_mode, message) => {
    expect(await received(message())).toEqual(await reading('cloudevents'));
  });
});
