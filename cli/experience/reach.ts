import { type Client, WithStartWorkflowOperation, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { ExperienceRef } from '../../clients/experiences.ts';
import { experienceWorkflowId } from '../../incident/experience/record.ts';
import type { Row } from '../../incident/experience/row.ts';
import { startOfExperience } from '../../worker/experiences.ts';
import { isUnanswered } from '../../worker/permit-offices.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { untilHeard } from '../../worker/until-heard.ts';
import { type ForgetCall, type ImportCall, importExperience, resetExperience } from '../../workflows/messages.ts';
import { withIncidents } from '../incidents/connect.ts';
import { printable } from '../printable.ts';

/** Only a worker can answer. */
const ANSWER_WITHIN_MS = 10_000;

/** What a person says to what was learned of a failure type. */
export type Word = { readonly kind: 'reset'; readonly call: ForgetCall } | { readonly kind: 'import'; readonly call: ImportCall };

/**
 * Reaches what was learned in PARAMEDIC_CLUSTER for the time of a call.
 * @throws one sentence when Temporal is away or no worker answers
 */
export function withExperience<T>(stateFolder: string, use: (client: Client, cluster: string) => Promise<T>): Promise<T> {
  return withIncidents(stateFolder, async ({ client, settings: { PARAMEDIC_CLUSTER: cluster } }) => {
    try {
      return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => use(client, cluster));
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      throw new Error(
        `No worker of cluster "${cluster}" (PARAMEDIC_CLUSTER) answered within ${ANSWER_WITHIN_MS / 1000} s, and only one can tell or take this. Start one with "paramedic worker" or "paramedic up", and say it again.`,
        { cause: error },
      );
    }
  });
}

/** Says it, and returns all rows as they are then. @throws one sentence when it is refused */
export async function sayTo({ workflow }: Pick<Client, 'workflow'>, of: ExperienceRef, word: Word): Promise<readonly Row[]> {
  const handle = workflow.getHandle(experienceWorkflowId(of.cluster, of.failureType));
  const say = (): Promise<readonly Row[]> => {
    switch (word.kind) {
      case 'reset':
        return handle.executeUpdate(resetExperience, { args: [word.call] });
      case 'import': {
        const start = startOfExperience(of, taskQueueOf(of.cluster));
        const startWorkflowOperation = new WithStartWorkflowOperation('experience', { ...start, workflowIdConflictPolicy: 'USE_EXISTING' });
        return workflow.executeUpdateWithStart(importExperience, { startWorkflowOperation, args: [word.call] });
      }
      default:
        return word satisfies never;
    }
  };
  try {
    return await untilHeard(say);
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw new Error(printable(error.cause?.message ?? error.message), { cause: error });
    if (error instanceof WorkflowNotFoundError)
      throw new Error(`Nothing was learned of ${of.failureType} in cluster ${of.cluster} yet.`, { cause: error });
    throw error;
  }
}
