import type { Outcome } from '../incident/incident.ts';
import { confirmRollback } from './confirm-rollback.ts';
import { heal } from './heal.ts';
import type { IncidentInput } from './messages.ts';

/**
 * Heals a model server whose new model version does not load or fails its probe: it serves the last known good version, sees
 * that it does, and only then makes it true in the registry.
 */
export function modelServingFailure(incident: IncidentInput): Promise<Outcome> {
  return heal(incident, {
    cures: {
      flake: ['restart'],
      'bad-model-version': ['rollBackModel', 'undoRelease'],
      // Of a Rollout, which has releases of its own.
      'bad-release': ['undoRelease'],
      'bad-node': ['leaveNode'],
    },
    confirm: confirmRollback,
  });
}
