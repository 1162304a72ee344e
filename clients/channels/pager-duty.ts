import { createHash } from 'node:crypto';
import { z } from 'zod';
import { headline, type Notice, noticeLines } from '../../incident/notice.ts';
import { cut, plainText } from '../../incident/plain-text.ts';
import { type Explained, systemCall } from '../http/system-call.ts';
import type { Channel } from './channel.ts';

const DEDUP_KEY_CHARACTERS_MAX = 255;
const SUMMARY_CHARACTERS_MAX = 1_024;
/** An event may have 512 KB; nobody reads as much on a telephone. */
const PAGE_CHARACTERS_MAX = 20_000;

const Words = z.object({ message: z.string().default(''), errors: z.array(z.string()).default([]) });

/** An integration of the kind Events API v2, of a service or of an event orchestration. */
export interface PagerDutyAccess {
  /** Where events are sent, such as `https://events.pagerduty.com`. */
  readonly url: string;
  readonly routingKey: string;
  /** The setting that holds the key, for whoever mends it. */
  readonly setting: string;
  readonly answerMsMax?: number;
}

/**
 * PagerDuty by its Events API v2. A key is one alert there: telling it again, or reminding, adds to the alert, and wakes nobody while a person has
 * acknowledged it.
 */
export function pagerDutyChannel({ url, routingKey, setting, answerMsMax }: PagerDutyAccess): Channel {
  const call = systemCall({
    name: 'PagerDuty',
    url,
    // The key is in the body, so that nothing else keeps it from coming back in an answer.
    authorize: async (refused) => (refused ? null : {}),
    credentials: setting,
    explain: (text) => explain(text, routingKey),
    ...(answerMsMax === undefined ? {} : { answerMsMax }),
  });
  return {
    kind: 'pagerDuty',
    keepsKeys: true,
    async say(notice) {
      const body = { routing_key: routingKey, dedup_key: dedupKey(notice.key), ...eventOf(notice) };
      await call({ method: 'POST', path: 'v2/enqueue', body, needs: 'a routing key of an Events API v2 integration' });
      return null;
    },
  };
}

function eventOf(notice: Notice) {
  if (notice.kind === 'acknowledged') return { event_action: 'acknowledge' };
  if (notice.kind === 'resolved') return { event_action: 'resolve' };
  return {
    event_action: 'trigger',
    client: 'Paramedic',
    payload: {
      summary: cut(plainText(headline(notice)), SUMMARY_CHARACTERS_MAX),
      source: cut(plainText(notice.incident), SUMMARY_CHARACTERS_MAX),
      severity: notice.severity,
      custom_details: detailsOf(notice),
    },
  };
}

function detailsOf(notice: Notice) {
  const details = cut(noticeLines(notice).map(plainText).join('\n'), PAGE_CHARACTERS_MAX);
  const cause = notice.kind === 'page' ? notice.escalation.diagnosis?.cause : undefined;
  return { incident: plainText(notice.incident), ...(cause ? { cause } : {}), details };
}

/** A key that is too long is told from others by its digest. */
function dedupKey(key: string): string {
  return key.length <= DEDUP_KEY_CHARACTERS_MAX ? key : createHash('sha256').update(key).digest('hex');
}

function explain(text: string, routingKey: string): Explained {
  const clean = (said: string) => said.replaceAll(routingKey, '[redacted]');
  try {
    const { message, errors } = Words.parse(JSON.parse(text));
    return { code: '', message: clean([message, ...errors].filter(Boolean).join(': ')) };
  } catch {
    return { code: '', message: clean(text) };
  }
}
