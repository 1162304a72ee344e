import { headline, type Notice, noticeLines, noticeName } from '../../incident/notice.ts';
import { postToWebhook } from '../http/webhook-post.ts';
import type { Channel } from './channel.ts';

/** A receiver of one's own, told in JSON. The texts are as they were found: whoever shows them escapes them. */
export function webhookChannel(url: string, answerMsMax?: number): Channel {
  return {
    kind: 'webhook',
    keepsKeys: false,
    async say(notice) {
      // A repetition has the same key.
      await postToWebhook({ name: 'The webhook', url, answerMsMax }, bodyOf(notice), {
        'idempotency-key': `${notice.key}/${noticeName(notice)}`,
      });
      return null;
    },
  };
}

function bodyOf(notice: Notice): object {
  const { kind, key, incident, severity } = notice;
  const about = notice.kind === 'page' ? { escalation: notice.escalation } : notice.kind === 'question' ? { request: notice.request } : {};
  return { kind, key, incident, severity, headline: headline(notice), text: noticeLines(notice).join('\n'), ...about };
}
