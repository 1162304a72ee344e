import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Cluster } from '../clients/cluster.ts';
import type { Alert } from '../incident/alert.ts';
import { incidentWorkflowId } from '../incident/incident.ts';
import { targetText } from '../incident/target.ts';
import { matchRunbook } from '../runbooks/match.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { alertFired, alertResolved } from '../workflows/messages.ts';
import { incidentAttributes } from '../workflows/search-attributes.ts';
import { resolveTarget } from './resolve-target.ts';

/** What became of one alert. */
export type Taken =
  | { readonly kind: 'joined'; readonly incident: string }
  | { readonly kind: 'resolved'; readonly incident: string }
  | { readonly kind: 'ignored'; readonly why: WhyIgnored; readonly reason: string };

/** The closed list of why an alert is left alone, for metrics; `reason` is the sentence for people. */
export type WhyIgnored = 'noRunbook' | 'unknownTarget' | 'noFingerprint' | 'noOpenIncident';

/** What intake needs: the policy, the cluster it speaks for, and where incidents live. */
export interface Intake {
  readonly runbooks: readonly Runbook[];
  readonly cluster: string;
  readonly taskQueue: string;
  readonly kubernetes: Pick<Cluster, 'topmostOwner'>;
  readonly client: Pick<Client, 'workflow'>;
}

/**
 * Starts or joins the incident an alert belongs to. Returns only when Temporal has it.
 * @throws when Temporal or Kubernetes cannot be asked, so that the sender sends again.
 */
export async function takeAlert(alert: Alert, intake: Intake): Promise<Taken> {
  if (alert.status === 'resolved') return resolveAlert(alert, intake);
  if (!matchRunbook(alert, intake.runbooks))
    return { kind: 'ignored', why: 'noRunbook', reason: `No runbook matches the alert "${alert.name}".` };
  const resolved = await resolveTarget(alert, intake.cluster, intake.kubernetes);
  if ('unknown' in resolved) return { kind: 'ignored', why: 'unknownTarget', reason: resolved.unknown };
  const { target } = resolved;
  const runbook = matchRunbook(alert, intake.runbooks, target.kind);
  if (!runbook) {
    const reason = `No runbook matches the alert "${alert.name}" for a target of kind ${target.kind}.`;
    return { kind: 'ignored', why: 'noRunbook', reason };
  }
  const workflowId = incidentWorkflowId(runbook.failureType, target);
  await intake.client.workflow.signalWithStart(runbook.failureType, {
    workflowId,
    taskQueue: intake.taskQueue,
    args: [{ target, runbook }],
    signal: alertFired,
    signalArgs: [alert],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    // Findable by the resolution at once, before the workflow's first task.
    typedSearchAttributes: [{ key: incidentAttributes.alerts, value: [alert.fingerprint] }],
    staticSummary: `${alert.name}: ${targetText(target)}`,
  });
  return { kind: 'joined', incident: workflowId };
}

/** A resolution finds its incident by fingerprint: after a cure the pod it names is often gone. */
async function resolveAlert(alert: Alert, { client }: Intake): Promise<Taken> {
  if (alert.fingerprint === '')
    return { kind: 'ignored', why: 'noFingerprint', reason: 'Resolved, but the alert has no fingerprint to find its incident by.' };
  const query = `${incidentAttributes.alerts.name} = '${alert.fingerprint}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    try {
      await client.workflow.getHandle(workflowId).signal(alertResolved, alert);
      return { kind: 'resolved', incident: workflowId };
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return { kind: 'ignored', why: 'noOpenIncident', reason: 'Resolved, and no incident is open.' };
}
