import type { Cluster } from '../clients/cluster.ts';
import type { ApprovalRequest } from '../incident/approval.ts';
import type { AuditEntry } from '../incident/audit-entry.ts';
import { redactedEntry } from '../incident/redacted-entry.ts';
import type { Escalation } from '../incident/report.ts';
import type { Target } from '../incident/target.ts';
import type { EscalationChain } from '../runbooks/escalation.ts';
import { type Channels, sendByAny } from './channels.ts';
import { messageOf } from './failures.ts';
import { type Telling, type Told, tellChannels } from './tell-channels.ts';

export function tellingActivities(channels: Channels, cluster: Pick<Cluster, 'recordEvent'>) {
  return {
    /** One incident is one page: its key is the same however often it is sent. @throws when no channel takes the message. */
    async escalate(escalation: Escalation): Promise<void> {
      const { incident, run } = escalation;
      channels.log('A person is needed.', { escalation });
      await sendByAny(channels, { incident, key: `${incident}/${run}`, body: escalation });
    },

    /** Asks a person about a plan. @throws when no channel takes the question. */
    async askApproval(request: ApprovalRequest): Promise<void> {
      const { incident, run, proposal } = request;
      channels.log('A person is asked to approve a plan.', { request });
      await sendByAny(channels, { incident, key: `${incident}/${run}/${proposal.id}`, body: request });
    },

    /** Tells channels of `channels.yaml`. @throws when it has to be taken, and none takes it */
    async tellChannels(telling: Telling): Promise<Told> {
      const { notice } = telling;
      if (notice.kind === 'page') channels.log('A person is needed.', { escalation: notice.escalation });
      if (notice.kind === 'question') channels.log('A person is asked to approve a plan.', { request: notice.request });
      return tellChannels(channels, telling);
    },

    /** The chain of `channels.yaml` as this worker knows it, for what no runbook is about. */
    async commonChain(): Promise<EscalationChain | null> {
      return channels.chain ?? null;
    },

    /** Returns the hash of its line, which so stands in the history as well. The line first: it must stand even where the Event is refused. */
    async audit(target: Target | null, given: AuditEntry): Promise<string> {
      const entry = redactedEntry(given);
      const hash = channels.writeAudit(entry);
      if (target === null) return hash;
      try {
        await cluster.recordEvent(target, `Paramedic${entry.step}`, entry.text);
      } catch (error) {
        channels.log('The audit entry could not be written as a Kubernetes Event.', { entry, error: messageOf(error) });
      }
      return hash;
    },
  };
}
