import type { Outcome } from '../incident/incident.ts';
import { heal } from './heal.ts';
import type { IncidentInput } from './messages.ts';

/** Heals a workload that has too few pods for its load. Room that is not there is a person's to make. */
export function capacityShortage(incident: IncidentInput): Promise<Outcome> {
  return heal(incident, { measure: 'load', cures: { 'autoscaler-at-maximum': ['scale'], 'replicas-fixed-too-low': ['scale'] } });
}
