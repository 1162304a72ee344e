import type { WebClient } from '@slack/web-api';
import type { IncidentView, PostedMessage } from '../../incident/incident-view.ts';
import { findMarked } from './find-marked.ts';
import { incidentMessage, type SlackMessage, storyMessage } from './incident-blocks.ts';
import { askSlack, isTold, openSlackClient, type SlackAccount } from './open-client.ts';

const EVENT = 'paramedic_incident';
const STORY_CHARACTERS_MAX = 2_900;

/** What is to be shown. */
export interface Shown {
  /** Id of the channel. */
  readonly channel: string;
  readonly view: IncidentView;
  /** The whole story, a sentence each. */
  readonly sentences: readonly string[];
  /** Null while there is no message. */
  readonly posted: PostedMessage | null;
}

/** Messages about incidents in Slack. */
export interface IncidentMessages {
  /**
   * Brings the message of an incident, and the thread below it, to what is to be shown. What an earlier try has done already is found by
   * its mark and not done again. @param isAgain an earlier try may have done some of it
   */
  show(shown: Shown, isAgain: boolean): Promise<PostedMessage>;
}

/** @param linkTo the page of an incident in the Web UI; null where that is not known */
export function slackIncidentMessages(account: SlackAccount, linkTo: (incident: string, run: string) => string | null): IncidentMessages {
  const slack = openSlackClient(account);
  return {
    async show({ channel, view, sentences, posted }, isAgain) {
      const { incident, run } = view;
      const message = incidentMessage(view, linkTo(incident, run));
      const known = posted ?? (isAgain ? await find(slack, channel, incident, run) : null);
      const there = (known && (await update(slack, known, message))) ?? (await post(slack, channel, incident, run, message));
      const told = isAgain ? Math.max(there.told, await toldBelow(slack, there)) : there.told;
      for (const { upTo, text } of inFew(sentences, told)) {
        const metadata = { event_type: EVENT, event_payload: { told: upTo } };
        const reply = { channel: there.channel, thread_ts: there.ts, metadata, unfurl_links: false, ...storyMessage(text) };
        await askSlack('chat.postMessage', () => slack.chat.postMessage(reply));
      }
      return { ...there, told: sentences.length };
    },
  };
}

async function post(slack: WebClient, channel: string, incident: string, run: string, message: SlackMessage): Promise<PostedMessage> {
  const metadata = { event_type: EVENT, event_payload: { incident, run } };
  const answer = await askSlack('chat.postMessage', () => slack.chat.postMessage({ channel, metadata, unfurl_links: false, ...message }));
  if (isTold(answer) || !answer.ts || !answer.channel) throw new Error('Slack took the message and did not say which it is.');
  return { channel: answer.channel, ts: answer.ts, told: 0 };
}

/** Null where somebody deleted it; then it is posted anew, with the whole story. */
async function update(slack: WebClient, known: PostedMessage, message: SlackMessage): Promise<PostedMessage | null> {
  const { channel, ts } = known;
  const answer = await askSlack('chat.update', () => slack.chat.update({ channel, ts, ...message }), ['message_not_found']);
  return isTold(answer) ? null : known;
}

/** The message that an earlier try posted and did not hear of; null: there is none among the latest. */
async function find(slack: WebClient, channel: string, incident: string, run: string): Promise<PostedMessage | null> {
  const ts = await findMarked(slack, channel, EVENT, (payload) => payload.incident === incident && payload.run === run);
  return ts === null ? null : { channel, ts, told: 0 };
}

/** How many sentences stand below it already. */
async function toldBelow(slack: WebClient, { channel, ts }: PostedMessage): Promise<number> {
  let told = 0;
  let cursor: string | undefined;
  do {
    const page = await askSlack('conversations.replies', () =>
      slack.conversations.replies({ channel, ts, limit: 200, include_all_metadata: true, ...(cursor ? { cursor } : {}) }),
    );
    if (isTold(page)) return told;
    for (const { metadata } of page.messages ?? []) {
      const count = (metadata?.event_payload as { told?: unknown } | undefined)?.told;
      if (metadata?.event_type === EVENT && typeof count === 'number') told = Math.max(told, count);
    }
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor);
  return told;
}

/** What is new of the story, in as few messages as will hold it, since Slack wants about one a second in a channel. */
function inFew(sentences: readonly string[], told: number): { readonly upTo: number; readonly text: string }[] {
  const few: { upTo: number; text: string }[] = [];
  for (const [index, sentence] of sentences.entries()) {
    if (index < told) continue;
    const last = few.at(-1);
    const joined = last && `${last.text}\n${sentence}`;
    if (last && joined && joined.length <= STORY_CHARACTERS_MAX) few[few.length - 1] = { upTo: index + 1, text: joined };
    else few.push({ upTo: index + 1, text: sentence });
  }
  return few;
}
