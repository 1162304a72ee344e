import type { Outcome } from '../incident/incident.ts';
import type { Played } from './judge.ts';

/** Phases in which a person is told, or asked. */
export const WITH_PEOPLE: readonly string[] = ['asking', 'untold', 'escalated'];

/**
 * How a scenario ended, by its incident.
 * @param outcome null: the incident is open
 * @param handedOver a person was told, or asked
 */
export function endOf(outcome: Outcome | null, began: boolean, handedOver: boolean, mayWait: boolean): Played['end'] {
  if (!began) return 'none';
  if (handedOver || outcome?.kind === 'escalated') return 'handedOver';
  if (outcome === null) return mayWait ? 'leftAlone' : 'open';
  return outcome.kind === 'recovered' ? 'healed' : 'leftAlone';
}

/** The remedies that an incident applied and did not take back, in order. */
export function remediesOf(outcome: Outcome | null): readonly string[] {
  return (outcome?.actions ?? []).filter(({ undone }) => !undone).map(({ remedy }) => remedy);
}
