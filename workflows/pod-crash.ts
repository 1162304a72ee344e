import type { Outcome } from '../incident/incident.ts';
import { heal } from './heal.ts';
import type { IncidentInput } from './messages.ts';

/**
 * Heals a workload whose containers keep exiting or whose pods never start. No restart brings back an image or a configuration that is
 * missing, and no release that is undone makes room.
 */
export function podCrash(incident: IncidentInput): Promise<Outcome> {
  return heal(incident, {
    cures: { flake: ['restart'], 'bad-release': ['undoRelease'], 'bad-node': ['leaveNode'], 'memory-limit-too-low': ['raiseMemory'] },
  });
}
