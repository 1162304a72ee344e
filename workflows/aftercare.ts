import { aftermath } from '../incident/aftermath.ts';
import { commandsFor } from '../incident/commands.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import { nextStep } from '../incident/next-step.ts';
import type { Action } from '../incident/plan.ts';
import type { Chart } from './chart.ts';
import { escalationOf } from './escalating.ts';
import type { Chain } from './escalation-chain.ts';
import type { IncidentInput } from './messages.ts';

/** What a cure left for a person to do, and that a person is told of it. */
export interface Aftercare {
  /** In sentences; null where nothing is left. */
  readonly left: string | null;
  /** Tries no longer to tell it. */
  end(): void;
}

/** Tells a person what a cure leaves for one to do: the target is well, so nothing waits for that person but the first try to tell. */
export async function tellAftermath(
  { target }: IncidentInput,
  chart: Chart,
  chain: Chain,
  diagnosis: Diagnosis | null,
  actions: readonly Action[],
): Promise<Aftercare> {
  const left = aftermath(actions, diagnosis?.cause);
  if (left === null) return { left, end: () => undefined };
  chart.tell(left);
  const commands = commandsFor(diagnosis, target);
  const message = escalationOf({ target, diagnosis, actions, reason: left, nextStep: nextStep(diagnosis), commands });
  // What is left to do stays open where people were told of it.
  const { stop } = await chain.tell(message, 'verifying');
  return { left, end: stop };
}
