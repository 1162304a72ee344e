import { WorkflowNotFoundError } from '@temporalio/client';
import { intakeWorkflowId } from '../incident/incident.ts';
import { handedOver } from '../workflows/messages.ts';
import type { ReadAlert } from './about.ts';
import { inTime } from './in-time.ts';
import type { Intake } from './intake.ts';
import { packed } from './portions.ts';

/** A history may have fifty megabytes and 10,000 signals. Far below, senders are asked to come again. */
const HISTORY_BYTES_MAX = 20 * 2 ** 20;
const HISTORY_EVENTS_MAX = 20_000;

/** What of a cluster has been handed over and is not with its incidents yet. `full`: there is room for no more. */
export type Queue = 'empty' | 'open' | 'full';

type Handing = Pick<Intake, 'cluster' | 'limits' | 'taskQueue' | 'client'>;

/** @throws when Temporal cannot be asked */
export async function queueOf({ cluster, client }: Pick<Intake, 'cluster' | 'client'>): Promise<Queue> {
  try {
    const { status, historySize = 0, historyLength } = await inTime(client.workflow.getHandle(intakeWorkflowId(cluster)).describe());
    if (status.name !== 'RUNNING') return 'empty';
    return historySize > HISTORY_BYTES_MAX || historyLength > HISTORY_EVENTS_MAX ? 'full' : 'open';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'empty';
    throw error;
  }
}

/**
 * Gives alerts to the workflow that brings them to their incidents, after all that it was given before. Returns only when Temporal has them.
 * @throws when Temporal cannot take one
 */
export async function handOver(alerts: readonly ReadAlert[], { cluster, limits, taskQueue, client }: Handing): Promise<void> {
  for (const portion of await packed(alerts.toSorted(bySubject), { cluster, limits }))
    await inTime(
      client.workflow.signalWithStart('intake', {
        workflowId: intakeWorkflowId(cluster),
        taskQueue,
        args: [{ cluster }],
        signal: handedOver,
        signalArgs: [portion],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: 'Bring the alerts of large bodies to their incidents',
      }),
    );
}

/** Those that name one thing, or the pods of one workload, lie together: what is in one portion joins an incident in one call. */
function bySubject(one: ReadAlert, other: ReadAlert): number {
  const [a, b] = [one, other].map(({ about }) =>
    'why' in about ? '' : `${about.subject.namespace}/${about.subject.kind}/${about.subject.name}`,
  );
  return a === b ? 0 : a! < b! ? -1 : 1;
}
