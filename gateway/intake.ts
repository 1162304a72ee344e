import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Workloads } from '../clients/kubernetes/workloads.ts';
import type { Alert } from '../incident/alert.ts';
import { incidentWorkflowId } from '../incident/incident.ts';
import { targetText } from '../incident/target.ts';
import { matchRunbook } from '../runbooks/match.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { alertFired, alertResolved } from '../workflows/messages.ts';
import { resolveTarget } from './resolve-target.ts';

/** What became of one alert. */
export type Taken =
  | { readonly kind: 'joined'; readonly incident: string }
  | { readonly kind: 'resolved'; readonly incident: string }
  | { readonly kind: 'ignored'; readonly reason: string };

/** What intake needs: the policy, the cluster it speaks for, and where incidents live. */
export interface Intake {
  readonly runbooks: readonly Runbook[];
  readonly cluster: string;
  readonly taskQueue: string;
  readonly workloads: Pick<Workloads, 'ownerOf' | 'exists'>;
  readonly client: Pick<Client, 'workflow'>;
}

/**
 * Starts or joins the incident an alert belongs to. Returns only when Temporal has it.
 * @throws when Temporal or Kubernetes cannot be asked, so that the sender sends again.
 */
export async function takeAlert(alert: Alert, intake: Intake): Promise<Taken> {
  const runbook = matchRunbook(alert, intake.runbooks);
  if (!runbook) return { kind: 'ignored', reason: `No runbook matches the alert "${alert.name}".` };
  const resolved = await resolveTarget(alert, intake.cluster, intake.workloads);
  if ('unknown' in resolved) return { kind: 'ignored', reason: resolved.unknown };
  const { target } = resolved;
  const workflowId = incidentWorkflowId(runbook.failureType, target);
  if (alert.status === 'resolved') {
    return (await signalResolved(workflowId, alert, intake))
      ? { kind: 'resolved', incident: workflowId }
      : { kind: 'ignored', reason: 'Resolved, and no incident is open.' };
  }
  await intake.client.workflow.signalWithStart(runbook.failureType, {
    workflowId,
    taskQueue: intake.taskQueue,
    args: [{ target, runbook }],
    signal: alertFired,
    signalArgs: [alert],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `${alert.name}: ${targetText(target)}`,
  });
  return { kind: 'joined', incident: workflowId };
}

async function signalResolved(workflowId: string, alert: Alert, intake: Intake): Promise<boolean> {
  try {
    await intake.client.workflow.getHandle(workflowId).signal(alertResolved, alert);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
