import { ErrorCode, type LogLevel, WebClient } from '@slack/web-api';
import { redact } from '../../incident/redact.ts';
import { TryLater } from '../failures.ts';

const ANSWER_MS_MAX = 10_000;
const MESSAGE_CHARACTERS_MAX = 300;
/** What people must mend is worth no hurry. */
const MENDED_AFTER_MS = 60_000;
/** What only people can mend, and what they should do about it. */
const MENDED_BY_PEOPLE: Readonly<Record<string, string>> = {
  invalid_auth: 'the bot token is not valid: set PARAMEDIC_SLACK_BOT_TOKEN to one of the app',
  not_authed: 'no bot token was sent: set PARAMEDIC_SLACK_BOT_TOKEN',
  account_inactive: 'the bot token is of a user or app that is no longer there: install the app again',
  token_revoked: 'the bot token was revoked: install the app again',
  token_expired: 'the bot token has expired: install the app again',
  missing_scope: 'the app lacks a permission',
  channel_not_found: 'there is no such channel, or the app is not in it: invite it there',
  not_in_channel: 'the app is not in the channel: invite it there',
  is_archived: 'the channel is archived',
};

/** Where Slack's Web API is, and who we are there. */
export interface SlackAccount {
  /** Ends with a slash, such as `https://slack.com/api/`. */
  readonly url: string;
  readonly botToken: string;
  /** How long an answer is waited for; 10 s by default. */
  readonly answerMsMax?: number;
}

/** Slack's own client. It never tries again by itself: whoever calls knows better for how long it is worth it. */
export function openSlackClient({ url, botToken, answerMsMax = ANSWER_MS_MAX }: SlackAccount): WebClient {
  return new WebClient(botToken, {
    slackApiUrl: url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: answerMsMax,
    // Its log lines may hold what was sent; what fails is told by whoever calls.
    logger: SILENT,
  });
}

const SILENT = {
  ...{ debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  ...{ setLevel: () => undefined, getLevel: () => 'error' as LogLevel, setName: () => undefined },
};

/** What Slack answers that is no failure to the caller. */
interface Told {
  /** Slack's word for it, such as `message_not_found`. */
  readonly slackError: string;
}

/**
 * Makes one call of Slack's Web API.
 * @param expected Slack's words for failures that are an answer
 * @throws TryLater when Slack wants to be left alone for a while, or when people must mend something first, else a sentence
 */
export async function askSlack<T>(method: string, call: () => Promise<T>, expected: readonly string[] = []): Promise<T | Told> {
  try {
    return await call();
  } catch (error) {
    const { code, data, retryAfter, statusCode, message } = error as Partial<SlackFailure>;
    if (code === ErrorCode.RateLimitedError)
      throw new TryLater(`Slack is asked too often by ${method}.`, typeof retryAfter === 'number' ? retryAfter * 1000 : null);
    if (code === ErrorCode.PlatformError && data?.error !== undefined) {
      if (expected.includes(data.error)) return { slackError: data.error };
      const byPeople = MENDED_BY_PEOPLE[data.error];
      const scope = data.error === 'missing_scope' && data.needed ? `: ${data.needed}` : '';
      if (byPeople !== undefined) throw new TryLater(`Slack refuses ${method}: ${byPeople}${scope} (${data.error}).`, MENDED_AFTER_MS);
      throw new Error(`Slack refuses ${method}: ${redact(data.error, MESSAGE_CHARACTERS_MAX)}.`);
    }
    if (code === ErrorCode.HTTPError) throw new Error(`Slack answers ${method} with status ${statusCode}.`);
    throw new Error(`Slack cannot be reached for ${method}: ${redact(String(message), MESSAGE_CHARACTERS_MAX)}`);
  }
}

/** What Slack's client throws, whichever of its errors it is. */
interface SlackFailure {
  readonly code: string;
  readonly data: { readonly error?: string; readonly needed?: string };
  readonly retryAfter: number;
  readonly statusCode: number;
  readonly message: string;
}

/** Whether an answer of `askSlack` is one of the failures that were expected. */
export function isTold(answer: object): answer is Told {
  return 'slackError' in answer;
}
