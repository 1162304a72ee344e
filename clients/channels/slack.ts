import type { ChatPostMessageArguments } from '@slack/web-api';
import { headline, type Notice, noticeLines } from '../../incident/notice.ts';
import { cut, plainText } from '../../incident/plain-text.ts';
import { escaped } from '../slack/escaped.ts';
import { askSlack, openSlackClient, type SlackAccount } from '../slack/open-client.ts';
import type { Channel } from './channel.ts';

/** Bounds of Slack's own. */
const HEADER_CHARACTERS_MAX = 150;
const SECTION_CHARACTERS_MAX = 2_900;
const SECTIONS_MAX = 10;

/** A Slack channel by its id: a message for each key, and the rest in its thread. */
export function slackChannel(account: SlackAccount, channel: string): Channel {
  const client = openSlackClient(account);
  return {
    kind: 'slack',
    keepsKeys: false,
    async say(notice, thread) {
      const message = { channel, ...messageOf(notice), ...replyTo(notice, thread) };
      const answer = await askSlack('chat.postMessage', () => client.chat.postMessage(message));
      return thread ?? ('ts' in answer ? (answer.ts ?? null) : null);
    },
  };
}

/** A reminder in a thread alone would be seen only by who follows it. */
function replyTo({ kind }: Notice, thread: string | null) {
  if (thread === null) return {};
  return kind === 'reminder' ? { thread_ts: thread, reply_broadcast: true } : { thread_ts: thread };
}

/** All of it is plain text: Slack reads neither mentions nor links nor markup out of that. */
function messageOf(notice: Notice) {
  const head = plainText(headline(notice));
  const sections = sectionsOf(noticeLines(notice).map(plainText)).map((text) => ({
    type: 'section' as const,
    text: { type: 'plain_text' as const, text, emoji: false },
  }));
  return {
    text: escaped(cut(head, SECTION_CHARACTERS_MAX)),
    parse: 'none',
    link_names: false,
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [{ type: 'header', text: { type: 'plain_text', text: cut(head, HEADER_CHARACTERS_MAX), emoji: false } }, ...sections],
  } satisfies Partial<ChatPostMessageArguments>;
}

/** The lines in as few pieces as Slack takes them. */
function sectionsOf(lines: readonly string[]): readonly string[] {
  const sections: string[] = [];
  let section = '';
  for (const line of lines.map((one) => cut(one, SECTION_CHARACTERS_MAX))) {
    const longer = section === '' ? line : `${section}\n${line}`;
    if (longer.length <= SECTION_CHARACTERS_MAX) section = longer;
    else {
      sections.push(section);
      section = line;
    }
  }
  const all = [...sections, section].filter((one) => one.trim() !== '');
  return all.length > SECTIONS_MAX ? [...all.slice(0, SECTIONS_MAX - 1), '… The rest is on the page of the incident.'] : all;
}
