import { headline, type Notice, noticeLines } from '../../incident/notice.ts';
import { cut, plainText } from '../../incident/plain-text.ts';
import { postToWebhook } from '../http/webhook-post.ts';
import type { Channel } from './channel.ts';

/** Teams takes no message of more than 28 KB, and what a workflow puts around the card counts. */
const CARD_BYTES_MAX = 20_000;
const HEADLINE_CHARACTERS_MAX = 500;
const LINE_CHARACTERS_MAX = 2_000;

/** A channel or chat of Microsoft Teams, by a workflow that waits for a webhook request. It has no threads. */
export function teamsChannel(url: string, answerMsMax?: number): Channel {
  return {
    kind: 'teams',
    keepsKeys: false,
    async say(notice) {
      await postToWebhook({ name: 'The workflow of Microsoft Teams', url, answerMsMax }, messageOf(notice));
      return null;
    },
  };
}

function messageOf(notice: Notice): object {
  const head = textBlock(cut(plainText(headline(notice)), HEADLINE_CHARACTERS_MAX), { weight: 'bolder', size: 'medium' });
  const lines = noticeLines(notice)
    .map((line) => cut(plainText(line), LINE_CHARACTERS_MAX))
    .filter((line) => line.trim() !== '');
  const content = (body: readonly object[]) => ({
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'full' },
    body: [head, ...body],
  });
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: content(fitting(lines)) }],
  };
}

/** As many lines as a card may have. */
function fitting(lines: readonly string[]): readonly object[] {
  const blocks: object[] = [];
  let bytes = 0;
  for (const line of lines) {
    const block = textBlock(line, {});
    bytes += Buffer.byteLength(JSON.stringify(block));
    if (bytes > CARD_BYTES_MAX) return [...blocks, textBlock('… The rest is on the page of the incident.', { isSubtle: true })];
    blocks.push(block);
  }
  return blocks;
}

/** A text run is shown as it is; in a text block Markdown would become links. */
function textBlock(text: string, style: object): object {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...style }] };
}
