import type { Outcome } from '../incident/incident.ts';
import { heal } from './heal.ts';
import type { IncidentInput } from './messages.ts';

/**
 * Heals a target that is not reached, or does not reach what it needs. It is well only when its paths are there, however ready its pods.
 * Only what cut a path is taken back: a dependency, a DNS or a certificate that fails is not the target's, and goes to a person.
 */
export function networkTimeout(incident: IncidentInput): Promise<Outcome> {
  return heal(incident, {
    measure: 'paths',
    cures: {
      'policy-cuts-path': ['undoPolicy'],
      'selector-matches-nothing': ['undoRelease'],
      'wrong-target-port': ['undoRelease'],
      'bad-release': ['undoRelease'],
      flake: ['restart'],
      'bad-node': ['leaveNode'],
    },
  });
}
