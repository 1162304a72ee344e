import type { Connection } from '@temporalio/client';
import type { Check } from './health.ts';
import type { Settings } from './settings.ts';

const ANSWER_WITHIN_MS = 2_000;
/** gRPC's number for what does not exist. */
const NOT_FOUND = 5;

/** Whether Temporal answers now. */
export function temporalAnswers(connection: Connection): Check {
  return async () => {
    try {
      await connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => connection.workflowService.getSystemInfo({}));
      return null;
    } catch {
      return 'Temporal does not answer';
    }
  };
}

/**
 * Makes sure that the namespace is there.
 * @throws one sentence that says how to make it.
 */
export async function requireNamespace(
  connection: Connection,
  { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace }: Pick<Settings, 'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE'>,
): Promise<void> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    if ((error as { code?: number }).code !== NOT_FOUND) throw error;
    throw new Error(
      `Temporal at ${address} has no namespace "${namespace}" (TEMPORAL_NAMESPACE). Make it with "temporal operator namespace create --address ${address} --namespace ${namespace}".`,
      { cause: error },
    );
  }
}
