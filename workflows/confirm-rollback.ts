import { workflowInfo } from '@temporalio/workflow';
import type { Action } from '../incident/plan.ts';
import { confirmModelVersion } from './calls.ts';
import type { IncidentInput } from './messages.ts';

/** Makes a rollback that was seen to serve true in the model's record, and in its registry. Returns what was changed, each as a sentence. */
export async function confirmRollback({ change }: Action, { target, runbook: { model } }: IncidentInput): Promise<readonly string[]> {
  if (change.kind !== 'modelVersion') return [];
  const { registry, place = registry, from, to } = change;
  return confirmModelVersion({
    cluster: target.cluster,
    place,
    registry,
    model: change.model,
    from,
    to,
    lastKnownGoodAlias: model.lastKnownGoodAlias,
    servingAlias: model.servingAlias,
    incident: workflowInfo().workflowId,
  });
}
