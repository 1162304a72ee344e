import {
  type ChatPostMessageArguments,
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import { headline, type Notice, noticeLines } from '../../incident/notice.ts';
import { cut, plainText } from '../../incident/plain-text.ts';
import { Refused, TryLater } from '../failures.ts';
import type { Channel } from './channel.ts';

const ANSWER_WITHIN_MS = 15_000;
const RETRY_AFTER_MS_MAX = 300_000;
/** Bounds of Slack's own. */
const HEADER_CHARACTERS_MAX = 150;
const SECTION_CHARACTERS_MAX = 2_900;
const SECTIONS_MAX = 10;
/** What is short of time or fails inside passes; what else Slack says is for a person to mend. */
const PASSES = ['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'];

/** A Slack app's bot in one channel. */
export interface SlackAccess {
  readonly token: string;
  /** The channel's id. */
  readonly channel: string;
  /** Where Slack's Web API is, where it is not Slack's own. */
  readonly url?: string | undefined;
  readonly answerMsMax?: number;
}

/** A Slack channel: a message for each key, and the rest in its thread. */
export function slackChannel({ token, channel, url, answerMsMax = ANSWER_WITHIN_MS }: SlackAccess): Channel {
  const client = new WebClient(token, {
    ...(url === undefined ? {} : { slackApiUrl: url }),
    timeout: answerMsMax,
    // Temporal repeats; a client that waits by itself would hold back what another channel is told.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: SILENT,
  });
  return {
    kind: 'slack',
    keepsKeys: false,
    async say(notice, thread) {
      const { ts } = await client.chat.postMessage({ channel, ...messageOf(notice), ...replyTo(notice, thread) }).catch((error) => {
        throw failureOf(error, new URL(client.slackApiUrl).host);
      });
      return thread ?? ts ?? null;
    },
  };
}

/** What it would write by itself goes past our log; what fails is told by whoever called. */
const SILENT: NonNullable<WebClientOptions['logger']> = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  setName: () => undefined,
  getLevel: () => LogLevel.ERROR,
};

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
    text: escapeText(cut(head, SECTION_CHARACTERS_MAX)),
    parse: 'none',
    link_names: false,
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [{ type: 'header', text: { type: 'plain_text', text: cut(head, HEADER_CHARACTERS_MAX), emoji: false } }, ...sections],
  } satisfies Partial<ChatPostMessageArguments>;
}

/** Slack's control characters; what notifications show is read for them. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
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

/** Nothing of what was sent, and of what came back only Slack's own words for it. */
function failureOf(error: unknown, host: string): Error {
  if (error instanceof WebAPIRateLimitedError)
    return new TryLater(`Slack asks to wait ${error.retryAfter} s.`, Math.min(error.retryAfter * 1000, RETRY_AFTER_MS_MAX));
  if (error instanceof WebAPIPlatformError) return platformFailure(error.data.error);
  if (error instanceof WebAPIHTTPError) return new Error(`Slack at ${host} answered ${error.statusCode}; expected 200.`);
  if (!(error instanceof WebAPIRequestError)) return new TryLater(`Slack at ${host} asks to wait, and does not say how long.`, null);
  const { name, message, cause } = error.original as Error & { readonly cause?: NodeJS.ErrnoException };
  if (/\bTimeoutError\b/.test(`${name} ${message}`)) return new Error(`Slack at ${host} did not answer in time.`);
  return new Error(`Slack at ${host} cannot be reached (${cause?.code ?? name}).`);
}

function platformFailure(word: string): Error {
  if (!/^[a-z_]{1,80}$/.test(word)) return new Error('Slack answers with what is no JSON; a proxy before it may ask for a login.');
  if (PASSES.includes(word)) return new Error(`Slack cannot take it now: ${word}.`);
  const fix = FIXES[word] ?? 'see the list of errors of chat.postMessage';
  return new Refused(`Slack refuses it: ${word}; ${fix}.`);
}

const FIXES: Readonly<Record<string, string>> = {
  channel_not_found: 'check the id of the channel in channels.yaml, and invite the app where it is private',
  not_in_channel: 'invite the app to the channel, or give it the scope chat:write.public',
  is_archived: 'the channel is archived',
  invalid_auth: 'check PARAMEDIC_SLACK_BOT_TOKEN',
  not_authed: 'check PARAMEDIC_SLACK_BOT_TOKEN',
  token_revoked: 'check PARAMEDIC_SLACK_BOT_TOKEN',
  account_inactive: 'check PARAMEDIC_SLACK_BOT_TOKEN',
  missing_scope: 'give the app the scope chat:write',
};
