import type { Outcome } from '../incident/incident.ts';
import { consult } from './consult.ts';
import type { IncidentInput } from './messages.ts';

/** Asks a person what to do about predictions that got worse: only somebody who knows what they are for can tell how bad that is. */
export function accuracyDegradation(incident: IncidentInput): Promise<Outcome> {
  return consult(incident);
}
