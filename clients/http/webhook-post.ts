import { TryLater } from '../failures.ts';
import { waitMs } from './retry-after.ts';

/** A receiver that hangs keeps whatever comes after it waiting no longer. */
const ANSWER_MS_MAX = 8_000;

/** A webhook: whoever knows its URL may post there, so that nothing of it but its host is ever told. */
export interface Webhook {
  /** As the subject of a sentence, such as `The escalation webhook`. */
  readonly name: string;
  readonly url: string;
  /** How long an answer is waited for; 8 s by default. */
  readonly answerMsMax?: number | undefined;
}

/**
 * Sends JSON to a webhook. What it answers is not read: it may repeat what it was sent.
 * @throws TryLater where it asks to wait, and else an error that says why it was not taken; nothing here is mended by not repeating it.
 */
export async function postToWebhook(webhook: Webhook, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const subject = `${webhook.name}, at ${new URL(webhook.url).host},`;
  const answer = await send(subject, webhook, { 'content-type': 'application/json', ...headers }, body);
  if (answer.ok) return;
  const said = `${subject} answered ${answer.status}; expected 2xx.`;
  if (answer.status === 429 || answer.status === 503) throw new TryLater(said, waitMs(answer.headers.get('retry-after')));
  throw new Error(said);
}

async function send(
  subject: string,
  { url, answerMsMax = ANSWER_MS_MAX }: Webhook,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<Response> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      // A redirected POST may arrive as a GET without its body, and be answered all the same.
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMsMax),
    });
    await answer.body?.cancel();
    return answer;
  } catch (error) {
    // Its message and what caused it may hold the whole URL.
    throw new Error(`${subject} ${inWords(error as Error & { readonly cause?: NodeJS.ErrnoException }, answerMsMax)}.`);
  }
}

function inWords({ name, cause }: Error & { readonly cause?: NodeJS.ErrnoException }, answerMsMax: number): string {
  if (name === 'TimeoutError') return `did not answer within ${answerMsMax / 1000} s`;
  if (cause?.code === 'ECONNREFUSED') return 'cannot be reached: nothing listens there (connection refused)';
  if (cause?.code === 'ENOTFOUND' || cause?.code === 'EAI_AGAIN') return 'cannot be reached: the host name is not known';
  return `cannot be reached (${cause?.code ?? name})`;
}
