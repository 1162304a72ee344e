import { postToWebhook } from '../clients/http/webhook-post.ts';
import type { AuditEntry } from '../incident/audit-entry.ts';

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
    try {
      const name = `The escalation webhook ${index + 1} of ${urls.length}`;
      await postToWebhook({ name, url }, message.body, { 'idempotency-key': message.key });
      return count(index === 0 ? 'told' : 'toldByAnother');
    } catch (error) {
      failures.push((error as Error).message);
      noteFailure(channels, message, failures.at(-1)!);
    }
  }
  count('untold');
  throw new Error(`No channel took the message. ${failures.join(' ')}`);
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
