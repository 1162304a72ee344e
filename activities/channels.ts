import type { AuditEntry } from '../incident/audit-entry.ts';

/** A channel that hangs keeps the next one waiting no longer. */
const ANSWER_WITHIN_MS = 8_000;

/** Where people and the audit trail are reached. */
export interface Channels {
  /** URLs that take JSON by POST, tried in order until one takes the message; none: messages go to the log alone. */
  readonly escalationWebhooks: readonly string[];
  /** Writes down an entry of the audit trail; it returns the hash of its line when that stands. */
  readonly writeAudit: (entry: AuditEntry) => string;
  readonly log: (message: string, fields: object) => void;
  /** What became of a message: taken by the first channel, by a later one, or by none. */
  readonly count?: (result: 'told' | 'toldByAnother' | 'untold') => void;
}

/** A message to people. */
export interface Message {
  /** The incident's workflow id. */
  readonly incident: string;
  /** The same key is the same message, so that a receiver knows a repetition. */
  readonly key: string;
  readonly body: object;
}

/**
 * Sends a message by the first channel that takes it. Every channel that does not is logged and stands in the audit trail.
 * @throws when none takes it, so that it is sent again.
 */
export async function sendByAny(channels: Channels, message: Message): Promise<void> {
  const { escalationWebhooks: urls, count = () => undefined } = channels;
  if (urls.length === 0) return;
  const failures: string[] = [];
  for (const [index, url] of urls.entries()) {
    const failure = await whyNotTaken(url, message);
    if (failure === null) return count(index === 0 ? 'told' : 'toldByAnother');
    // Nothing behind the host is told: the path of a webhook is its secret.
    failures.push(`The escalation webhook ${index + 1} of ${urls.length}, at ${new URL(url).host}, ${failure}.`);
    noteFailure(channels, message, failures.at(-1)!);
  }
  count('untold');
  throw new Error(`No channel took the message. ${failures.join(' ')}`);
}

async function whyNotTaken(url: string, { key, body }: Message): Promise<string | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      // A redirected POST may arrive as a GET without its body, and be answered all the same.
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await answer.body?.cancel();
    return answer.ok ? null : `answered ${answer.status}; expected 2xx`;
  } catch (error) {
    return inWords(error as Error & { readonly cause?: NodeJS.ErrnoException });
  }
}

/** The message of an error of `fetch` may hold the whole URL; its code does not. */
function inWords({ name, cause }: Error & { readonly cause?: NodeJS.ErrnoException }): string {
  if (name === 'TimeoutError') return `did not answer within ${ANSWER_WITHIN_MS / 1000} s`;
  if (cause?.code === 'ECONNREFUSED') return 'cannot be reached: nothing listens there (connection refused)';
  if (cause?.code === 'ENOTFOUND' || cause?.code === 'EAI_AGAIN') return 'cannot be reached: the host name is not known';
  return `cannot be reached (${cause?.code ?? name})`;
}

/** A failing disk keeps nobody from being told. */
function noteFailure({ log, writeAudit }: Channels, { incident }: Message, text: string): void {
  log('A channel did not take a message.', { incident, failure: text });
  const entry: AuditEntry = { at: new Date().toISOString(), incident, step: 'NotTold', text };
  try {
    writeAudit(entry);
  } catch (error) {
    log('The audit entry NotTold could not be written.', { entry, error: String(error) });
  }
}
