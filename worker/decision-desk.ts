import { randomUUID } from 'node:crypto';
import { ApplicationFailure, type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { DecisionDesk, Heard, Word } from '../clients/decision-desk.ts';
import { NoAnswer } from '../clients/permit-offices.ts';
import type { Answer } from '../incident/approval.ts';
import type { AuditEntry } from '../incident/audit-entry.ts';
import { type Person, personText } from '../incident/person.ts';
import type { Asked } from '../workflows/decision-call.ts';
import { acknowledge, asked, decide } from '../workflows/messages.ts';
import { judgeBy } from './judging.ts';
import { isUnanswered } from './permit-offices.ts';
import { untilHeard } from './until-heard.ts';

/** @param taskQueue of the worker that writes the audit trail */
export function decisionDesk(client: Pick<Client, 'workflow' | 'withDeadline'>, taskQueue: string, answerWithinMs: number): DecisionDesk {
  async function noteRefusal(incident: string, who: Person, why: string): Promise<void> {
    const text = `${personText(who)} was refused: ${why}`;
    const entry: AuditEntry = { at: new Date().toISOString(), incident, step: 'DecisionRefused', text, who };
    await client.workflow.start('auditNote', {
      workflowId: `audit-note/${randomUUID()}`,
      taskQueue,
      args: [entry],
      staticSummary: text.slice(0, 200),
    });
  }

  async function say(word: Word, updateId: string | undefined): Promise<Heard> {
    const handle = client.workflow.getHandle(word.incident);
    const question = await handle.query(asked);
    const plan = word.plan ?? question?.id ?? '';
    const { decision, who, reason } = word;
    const named = updateId === undefined ? {} : { updateId };
    await untilHeard(() => handle.executeUpdate(decide, { args: [{ plan, decision, by: who, reason }], ...named }));
    return { kind: 'taken', plan, text: question?.id === plan ? textOf(question, decision) : null };
  }

  const unanswered = (incident: string, error: unknown): Error =>
    isUnanswered(error)
      ? new NoAnswer(`The incident "${incident}" did not answer within ${answerWithinMs / 1000} s, and nothing may have been done.`, {
          cause: error,
        })
      : (error as Error);

  return {
    noteRefusal,

    async acknowledge(incident, who, reason, callId) {
      const named = callId === undefined ? {} : { updateId: callId };
      const call = () => client.workflow.getHandle(incident).executeUpdate(acknowledge, { args: [{ by: who, reason }], ...named });
      try {
        await client.withDeadline(Date.now() + answerWithinMs, () => untilHeard(call));
        return null;
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) return error.cause?.message ?? error.message;
        if (error instanceof WorkflowNotFoundError) return `There is no open incident "${incident}".`;
        throw unanswered(incident, error);
      }
    },

    async judge({ incident, run }, says, who, reason, callId) {
      try {
        await client.withDeadline(Date.now() + answerWithinMs, () => judgeBy(client, { incident, run, says, by: who, reason }, callId));
        return null;
      } catch (error) {
        if (isUnanswered(error)) throw unanswered(incident, error);
        return (error as Error).message;
      }
    },

    async decide(word, callId) {
      try {
        return await client.withDeadline(Date.now() + answerWithinMs, () => say(word, callId));
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) {
          const { cause } = error;
          const isNonsense = cause instanceof ApplicationFailure && cause.type === 'DecisionNotUnderstood';
          return { kind: isNonsense ? 'notUnderstood' : 'refused', why: cause?.message ?? error.message };
        }
        if (error instanceof WorkflowNotFoundError) {
          const why = `There is no open incident "${word.incident}".`;
          await noteRefusal(word.incident, word.who, why);
          return { kind: 'notOpen', why };
        }
        throw unanswered(word.incident, error);
      }
    },
  };
}

/** Of several options, the one that was chosen. */
function textOf({ plan, options }: Asked, decision: Answer): string {
  return options?.find(({ name }) => name === decision)?.does ?? plan;
}
