import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { experienceWorkflowId } from '../incident/experience/record.ts';
import type { Row } from '../incident/experience/row.ts';
import { FAILURE_TYPES } from '../incident/failure-type.ts';
import { type JudgeCall, judgeIncident } from '../workflows/messages.ts';
import { incidentAttributes } from '../workflows/search-attributes.ts';
import { untilHeard } from './until-heard.ts';

/**
 * Takes a person's word on an incident to where its lesson is kept. Returns what is known then of what was tried in it.
 * @param callId words of one id are one word, however often they come
 * @throws a sentence when there is no such incident, or nothing was learned of it
 */
export async function judgeBy({ workflow }: Pick<Client, 'workflow'>, call: JudgeCall, callId?: string): Promise<readonly Row[]> {
  const { incident, run } = call;
  const { typedSearchAttributes: said } = await found(`There is no incident "${incident}".`, () =>
    workflow.getHandle(incident, run).describe(),
  );
  const failureType = FAILURE_TYPES.find((one) => one === said.get(incidentAttributes.failureType));
  const cluster = said.get(incidentAttributes.cluster);
  if (failureType === undefined || !cluster) throw new Error(`"${incident}" is no incident from which anything is learned.`);
  const handle = workflow.getHandle(experienceWorkflowId(cluster, failureType));
  const named = callId === undefined ? {} : { updateId: callId };
  return found(`Nothing was learned of ${failureType} in cluster ${cluster} yet.`, () =>
    untilHeard(() => handle.executeUpdate(judgeIncident, { args: [call], ...named })),
  );
}

async function found<T>(notFound: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new Error(notFound, { cause: error });
    if (error instanceof WorkflowUpdateFailedError) throw new Error(error.cause?.message ?? error.message, { cause: error });
    throw error;
  }
}
