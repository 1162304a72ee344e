import { workflowInfo } from '@temporalio/workflow';
import type { Action } from '../incident/plan.ts';
import { confirmModelVersion } from './calls.ts';
import type { IncidentInput } from './messages.ts';

/** Makes a rollback that was seen to serve true in the registry. Returns what was changed, each as a sentence. */
export async function confirmRollback({ change }: Action, { runbook: { model } }: IncidentInput): Promise<readonly string[]> {
  if (change.kind !== 'modelVersion' || change.to.version === null) return [];
  const { from, to } = change;
  const { workflowId } = workflowInfo();
  return confirmModelVersion({ ...model, model: change.model, good: to.version ?? '', bad: from.version, incident: workflowId });
}
