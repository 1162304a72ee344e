import type { Channel } from '../clients/channels/channel.ts';
import { postToWebhook } from '../clients/http/webhook-post.ts';
import type { AuditEntry } from '../incident/audit-entry.ts';
import type { ChannelKind } from '../incident/channel-kind.ts';
import type { EscalationChain } from '../runbooks/escalation.ts';

/** Where people and the audit trail are reached. */
export interface Channels {
  /** URLs that take JSON by POST, tried in order until one takes the message; none: messages go to the log alone. */
  readonly escalationWebhooks: readonly string[];
  /** Those of `channels.yaml`, by name. */
  readonly named?: ReadonlyMap<string, Channel>;
  /** Whom what many targets share is told; null: the webhooks. */
  readonly chain?: EscalationChain | null;
  /** Writes down an entry of the audit trail; it returns the hash of its line when that stands. */
  readonly writeAudit: (entry: AuditEntry) => string;
  readonly log: (message: string, fields: object) => void;
  /**
   * What became of a message at one channel. `failed`: it did not take it, and another did, or may. `untold`: neither it nor any other did,
   * so that nobody knows. A channel that there is no more is `unknown`.
   */
  readonly count?: (channel: ChannelKind | 'unknown', result: 'told' | 'failed' | 'untold') => void;
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
      for (let before = 0; before < index; before++) count('webhook', 'failed');
      return count('webhook', 'told');
    } catch (error) {
      failures.push((error as Error).message);
      noteFailure(channels, message, failures.at(-1)!);
    }
  }
  for (const _url of urls) count('webhook', 'untold');
  throw new Error(`No channel took the message. ${failures.join(' ')}`);
}

/** Writes down that a channel did not take something. A failing disk keeps nobody from being told. */
export function noteFailure({ log, writeAudit }: Channels, { incident }: { readonly incident: string }, text: string): void {
  log('A channel did not take a message.', { incident, failure: text });
  const entry: AuditEntry = { at: new Date().toISOString(), incident, step: 'NotTold', text };
  try {
    writeAudit(entry);
  } catch (error) {
    log('The audit entry NotTold could not be written.', { entry, error: String(error) });
  }
}
