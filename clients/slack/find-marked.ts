import type { WebClient } from '@slack/web-api';
import { askSlack, isTold } from './open-client.ts';

const LOOKED_BACK = 100;
/** Where it is known since when it may be there, so many hundreds of messages are looked through. */
const PAGES_MAX = 20;

/**
 * Slack's name for the message in a channel that has a mark of ours; null: there is none among the latest.
 * @param sinceMs when it can have been posted first; null: not known
 */
export async function findMarked(
  slack: WebClient,
  channel: string,
  event: string,
  is: (payload: Readonly<Record<string, unknown>>) => boolean,
  sinceMs: number | null = null,
): Promise<string | null> {
  const since = sinceMs === null ? {} : { oldest: String(sinceMs / 1000) };
  let cursor: string | undefined;
  for (let page = 0; page < (sinceMs === null ? 1 : PAGES_MAX); page++) {
    const asked = { channel, limit: LOOKED_BACK, include_all_metadata: true, ...since, ...(cursor ? { cursor } : {}) };
    const answer = await askSlack('conversations.history', () => slack.conversations.history(asked));
    if (isTold(answer)) return null;
    const found = (answer.messages ?? []).find(
      ({ metadata }) => metadata?.event_type === event && is((metadata.event_payload ?? {}) as Readonly<Record<string, unknown>>),
    );
    if (found?.ts) return found.ts;
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return null;
  }
  return null;
}
