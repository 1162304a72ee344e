import { workflowInfo } from '@temporalio/workflow';
import type { Action } from '../incident/plan.ts';
import { confirmModelVersion } from './calls.ts';
import type { IncidentInput } from './messages.ts';

/** Makes a rollback that was seen to serve true in the registry. Returns what was changed, each as a sentence. */
export async function confirmRollback({ change }: Action, { runbook: { model } }: IncidentInput): Promise<readonly string[]> {
  if (change.kind !== 'modelVersion' || change.to.version === null || change.registry === null) return [];
  const { registry, from, to } = change;
  const { workflowId } = workflowInfo();
  return confirmModelVersion({
    registry,
    model: change.model,
    lastKnownGoodAlias: model.lastKnownGoodAlias,
    servingAlias: model.servingAlias,
    good: to.version ?? '',
    bad: from.version,
    incident: workflowId,
  });
}
