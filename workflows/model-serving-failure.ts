import { workflowInfo } from '@temporalio/workflow';
import type { Outcome } from '../incident/incident.ts';
import { confirmModelVersion } from './calls.ts';
import { heal } from './heal.ts';
import type { IncidentInput } from './messages.ts';

/**
 * Heals a model server whose new model version does not load or fails its probe: it serves the last known good version, sees
 * that it does, and only then makes it true in the registry.
 */
export function modelServingFailure(incident: IncidentInput): Promise<Outcome> {
  return heal(incident, {
    cures: { 'bad-model-version': ['rollBackModel'], 'bad-node': ['leaveNode'] },
    async confirm({ change }, { runbook: { model } }) {
      if (change.kind !== 'modelVersion' || change.to.version === null) return [];
      const { from, to } = change;
      const { workflowId } = workflowInfo();
      return confirmModelVersion({ ...model, model: change.model, good: to.version ?? '', bad: from.version, incident: workflowId });
    },
  });
}
