import type { WorkflowHandle } from '@temporalio/client';
import type { Alert } from '../../incident/alert.ts';
import type { FailureType } from '../../incident/failure-type.ts';
import { alertResolved, alertsFired } from '../../workflows/messages.ts';
import { evidence, OOM_KILLED, sickPod } from '../evidence.ts';
import { layer } from '../limits.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, onWorker, runbook, type Stage, untilTold } from '../workflows/incident-run.ts';

/** What `playJoining` leaves to be recorded. */
export const JOINING_HISTORIES = ['pod-crash-went-on', 'out-of-memory-taken-over'] as const;

const states = [evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 }), evidence({})];

/** An incident that another alert makes one of another failure type, in its two runs. */
export async function playJoining(stage: Stage): Promise<Readonly<Record<(typeof JOINING_HISTORIES)[number], WorkflowHandle>>> {
  const policy = (type: FailureType) => ({ runbook: runbook(type, { settleSeconds: 1 }), limits: [layer()] });
  const chosen = policy('podCrash').runbook;
  const nothing = () => undefined;
  const { result } = await onWorker(stage, chosen, scriptedCluster(states), newTarget(), nothing, async (handle) => {
    const alert = (name: string): Alert => ({ name, status: 'firing', fingerprint: name, labels: {}, annotations: {} });
    await handle.signal(alertsFired, [alert('A')], policy('podCrash'));
    await handle.signal(alertsFired, [alert('B')], policy('outOfMemory'));
    await untilTold(handle, /Verdict: recovered/);
    for (const name of ['A', 'B']) await handle.signal(alertResolved, { ...alert(name), status: 'resolved' });
    await handle.result();
    return { first: handle.firstExecutionRunId, id: handle.workflowId };
  });
  const { client } = stage.environment;
  return {
    'pod-crash-went-on': client.workflow.getHandle(result.id, result.first),
    'out-of-memory-taken-over': client.workflow.getHandle(result.id),
  };
}
