import type { Outcome } from '../incident/incident.ts';
import { heal } from './heal.ts';
import type { IncidentInput } from './messages.ts';

/** Heals a workload whose containers are killed at their memory limit. */
export function outOfMemory(incident: IncidentInput): Promise<Outcome> {
  return heal(incident, { cures: { 'memory-limit-too-low': ['raiseMemory'], 'bad-release': ['undoRelease'] } });
}
