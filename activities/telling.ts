import type { Cluster } from '../clients/cluster.ts';
import type { AuditEntry, Escalation } from '../incident/report.ts';
import type { Target } from '../incident/target.ts';
import { messageOf } from './failures.ts';

/** Where people and the audit trail are reached. */
export interface Channels {
  /** Null: escalations go to the log alone. */
  readonly escalationWebhook: string | null;
  /** One JSON line at a time; it returns when the line stands. */
  readonly writeAudit: (line: string) => void;
  readonly log: (message: string, fields: object) => void;
}

export function tellingActivities(channels: Channels, cluster: Pick<Cluster, 'recordEvent'>) {
  return {
    /** @throws when the webhook does not take the message, so that it is sent again. */
    async escalate(escalation: Escalation): Promise<void> {
      channels.log('A person is needed.', { escalation });
      if (channels.escalationWebhook === null) return;
      const answer = await fetch(channels.escalationWebhook, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `${escalation.incident}/${escalation.run}` },
        body: JSON.stringify(escalation),
        signal: AbortSignal.timeout(10_000),
      });
      if (!answer.ok) throw new Error(`The escalation webhook answered ${answer.status}; expected 2xx.`);
    },

    /** JSON line first: it must stand even where the Event is refused. */
    async audit(target: Target | null, entry: AuditEntry): Promise<void> {
      channels.writeAudit(JSON.stringify(entry));
      if (target === null) return;
      try {
        await cluster.recordEvent(target, `Paramedic${entry.step}`, entry.text);
      } catch (error) {
        channels.log('The audit entry could not be written as a Kubernetes Event.', { entry, error: messageOf(error) });
      }
    },
  };
}
