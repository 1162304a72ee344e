import type { KnownBlock, RichTextSection } from '@slack/web-api';
import type { Digest, DigestLine } from '../../incident/digest.ts';
import { cut, plainText } from '../../incident/plain-text.ts';
import { escaped } from './escaped.ts';
import { findMarked } from './find-marked.ts';
import { askSlack, openSlackClient, type SlackAccount } from './open-client.ts';

const EVENT = 'paramedic_digest';
/** Limits of Slack's Block Kit. */
const HEADER_CHARACTERS_MAX = 150;
const TEXT_CHARACTERS_MAX = 2_900;
/** Slack's clock and that of Temporal may differ by so much. */
const CLOCKS_MS = 600_000;

/** Digests in a channel of Slack. */
export interface Digests {
  /** Posts it, unless it stands there already: an earlier try may have posted it and not heard so. */
  post(channel: string, digest: Digest): Promise<'posted' | 'stood'>;
}

export function slackDigests(account: SlackAccount): Digests {
  const slack = openSlackClient(account);
  return {
    async post(channel, digest) {
      const { key, toMs, title } = digest;
      if ((await findMarked(slack, channel, EVENT, (payload) => payload.key === key, toMs - CLOCKS_MS)) !== null) return 'stood';
      const metadata = { event_type: EVENT, event_payload: { key } };
      const message = {
        channel,
        metadata,
        unfurl_links: false,
        text: escaped(cut(plainText(title), TEXT_CHARACTERS_MAX)),
        blocks: blocksOf(digest),
      };
      await askSlack('chat.postMessage', () => slack.chat.postMessage(message));
      return 'posted';
    },
  };
}

/** What comes from elsewhere stands in elements of plain text, in which Slack reads neither markup nor mentions. */
function blocksOf({ title, lines }: Digest): KnownBlock[] {
  return [
    { type: 'header', text: { type: 'plain_text', text: cut(plainText(title), HEADER_CHARACTERS_MAX), emoji: false } },
    { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements: lines.map(sectionOf) }] },
  ];
}

function sectionOf({ text, incidents }: DigestLine): RichTextSection {
  const said = { type: 'text' as const, text: cut(plainText(text), TEXT_CHARACTERS_MAX) };
  const named = incidents.flatMap(({ name, link }) => {
    const shown = cut(plainText(name), HEADER_CHARACTERS_MAX);
    return [
      { type: 'text' as const, text: ' ' },
      link === null ? { type: 'text' as const, text: shown } : { type: 'link' as const, url: link, text: shown },
    ];
  });
  return { type: 'rich_text_section', elements: [said, ...named] };
}
