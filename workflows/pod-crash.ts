import type { Outcome } from '../incident/incident.ts';
import { confirmRollback } from './confirm-rollback.ts';
import { heal } from './heal.ts';
import type { IncidentInput } from './messages.ts';

/**
 * Heals a workload whose containers keep exiting or whose pods never start. No restart brings back an image or a configuration that is
 * missing, and no release that is undone makes room. Where the release brought another model version, that is what is gone back from first.
 */
export function podCrash(incident: IncidentInput): Promise<Outcome> {
  return heal(incident, {
    cures: {
      flake: ['restart'],
      'bad-model-version': ['rollBackModel', 'undoRelease'],
      'bad-release': ['undoRelease'],
      'bad-node': ['leaveNode'],
      'memory-limit-too-low': ['raiseMemory'],
    },
    confirm: confirmRollback,
  });
}
