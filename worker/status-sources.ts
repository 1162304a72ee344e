import type { Client } from '@temporalio/client';
import type { Board } from '../guards/board.ts';
import { FAILURE_TYPES } from '../incident/failure-type.ts';
import { permitOfficeWorkflowId } from '../incident/incident.ts';
import type { IncidentRow } from '../incident/incident-row.ts';
import type { Option } from '../incident/option.ts';
import { asked, guardBoard } from '../workflows/messages.ts';
import { type LinkTo, listIncidents } from './incident-list.ts';
import { isUnanswered } from './permit-offices.ts';
import { taskQueueOf } from './settings.ts';

/** A page is no place to wait. */
const ANSWER_WITHIN_MS = 3_000;
const LISTED_MAX = 2_000;

/** Some incidents, and how many there are of them. */
interface Listed {
  readonly rows: readonly IncidentRow[];
  readonly total: number;
}

/** What is asked of people, as little as a list says of it. */
interface Question {
  readonly id: string;
  readonly plan: string;
  readonly expiresAt: string;
  readonly options: readonly Option[] | null;
}

/** How a cluster stands, as its gateway reads it; nothing is opened or changed by it. */
export function statusSources(client: Client, cluster: string, linkTo: LinkTo) {
  // Also those that no worker has begun, which have said nothing of themselves yet.
  const types = [...FAILURE_TYPES, 'commonCause'].map((type) => `'${type}'`).join(', ');
  const incidents = `TaskQueue = '${taskQueueOf(cluster)}' AND WorkflowType IN (${types})`;

  async function soon<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, ask);
    } catch (error) {
      throw new Error(isUnanswered(error) ? `It did not answer within ${ANSWER_WITHIN_MS / 1000} s.` : `It says: ${saidBy(error)}.`, {
        cause: error,
      });
    }
  }

  const orNull = <T>(ask: () => Promise<T>): Promise<T | null> => soon(ask).catch(() => null);

  async function listed(query: string): Promise<Listed> {
    return soon(async () => {
      const rows = await listIncidents(client, linkTo, query, LISTED_MAX);
      return { rows, total: rows.length < LISTED_MAX ? rows.length : (await client.workflow.count(query)).count };
    });
  }

  return {
    open: () => listed(`${incidents} AND ExecutionStatus = 'Running'`),
    closedSince: (sinceMs: number) =>
      listed(`${incidents} AND ExecutionStatus NOT IN ('Running', 'ContinuedAsNew') AND CloseTime > '${new Date(sinceMs).toISOString()}'`),

    asked: (incident: string): Promise<Question | null> =>
      orNull(async () => {
        const question = await client.workflow.getHandle(incident).query(asked);
        if (question === null || question.decision !== null) return null;
        const { id, plan, expiresAt, options = null } = question;
        return { id, plan, expiresAt, options };
      }),

    board: (office: string | null): Promise<Board | null> =>
      orNull(() => client.workflow.getHandle(permitOfficeWorkflowId(office)).query(guardBoard)),
  };
}

/** What Temporal said, which its client keeps behind a sentence that says nothing. */
function saidBy(error: unknown): string {
  const { cause, message } = error as {
    readonly cause?: { readonly details?: string; readonly message?: string };
    readonly message: string;
  };
  return cause?.details ?? cause?.message ?? message;
}
