import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { FailureType } from '../../../incident/failure-type.ts';
import type { Outcome } from '../../../incident/incident.ts';
import type { Addresses } from '../../../sandbox/addresses.ts';
import { incidentAttributes } from '../../../workflows/search-attributes.ts';
import type { Stage } from '../stage.ts';

/** An incident as Temporal shows it. */
export interface IncidentSeen {
  readonly handle: WorkflowHandle;
  readonly phase: string | null;
  readonly cause: string | null;
  /** Null until it is over. */
  readonly outcome: Outcome | null;
}

/** The incident of one failure type in a scenario's namespace, the newest of several; null as long as there is none. */
export async function incidentIn(
  { client }: Stage,
  namespace: string,
  type: FailureType,
  fingerprint: string,
): Promise<IncidentSeen | null> {
  const ours = `(${incidentAttributes.namespace.name} = '${namespace}' OR ${incidentAttributes.alerts.name} = '${fingerprint}')`;
  for await (const { workflowId, runId, status, typedSearchAttributes: labels } of client.workflow.list({
    query: `WorkflowType = '${type}' AND ${ours}`,
  })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const outcome = status.name === 'COMPLETED' ? ((await handle.result()) as Outcome) : null;
    return { handle, outcome, phase: labels.get(incidentAttributes.phase) ?? null, cause: labels.get(incidentAttributes.cause) ?? null };
  }
  return null;
}

/** An alert of which the gateway is told as Alertmanager tells of it. */
export interface SentAlert {
  readonly fingerprint: string;
  fire(): Promise<void>;
  resolve(): Promise<void>;
}

/** @param alert null: Prometheus fires it, and nothing is sent here */
export function alertOf(
  alert: { readonly name: string; readonly labels: Readonly<Record<string, string>> } | null,
  namespace: string,
  addresses: Addresses,
): SentAlert {
  const fingerprint = randomBytes(8).toString('hex');
  const startsAt = new Date().toISOString();
  async function send(status: 'firing' | 'resolved'): Promise<void> {
    if (alert === null) return;
    const labels = { namespace, ...alert.labels, alertname: alert.name };
    const body = { version: '4', receiver: 'paramedic', alerts: [{ status, labels, annotations: {}, fingerprint, startsAt }] };
    const answer = await fetch(`http://127.0.0.1:${addresses.gatewayPort}/alerts/alertmanager`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${addresses.gatewaySecret}` },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The gateway answered ${answer.status}: ${await answer.text()}`);
  }
  return { fingerprint, fire: () => send('firing'), resolve: () => send('resolved') };
}
