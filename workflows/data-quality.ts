import type { Outcome } from '../incident/incident.ts';
import { consult } from './consult.ts';
import type { IncidentInput } from './messages.ts';

/** Asks a person what to do about what a model is fed: no remedy can tell whether the data or the world is wrong. */
export function dataQuality(incident: IncidentInput): Promise<Outcome> {
  return consult(incident);
}
