import type { Outcome } from '../incident/incident.ts';
import { heal } from './heal.ts';
import type { IncidentInput } from './messages.ts';

/**
 * Heals a workload whose containers are killed at their memory limit. A leak is none that more memory cures. The container it killed was
 * started anew by its kubelet, so that a restart is for the pods that are next: one after the other, by eviction, while the others serve.
 * That is well for now, and a person is told that it is no more than that. Where it must be repeated too often, the guards stop it.
 */
export function outOfMemory(incident: IncidentInput): Promise<Outcome> {
  return heal(incident, {
    measure: 'memory',
    cures: { 'memory-limit-too-low': ['raiseMemory'], 'bad-release': ['undoRelease'], 'memory-leak': ['restart'] },
    again: ['restart'],
  });
}
