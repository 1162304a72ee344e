import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import { aftermath } from '../incident/aftermath.ts';
import { commandsFor } from '../incident/commands.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import { nextStep } from '../incident/next-step.ts';
import { pageText } from '../incident/page.ts';
import type { Action } from '../incident/plan.ts';
import { escalate } from './calls.ts';
import type { Chart } from './chart.ts';
import type { IncidentInput } from './messages.ts';
import { tellUntilTaken } from './telling.ts';

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
  diagnosis: Diagnosis | null,
  actions: readonly Action[],
): Promise<Aftercare> {
  const left = aftermath(actions);
  if (left === null) return { left, end: () => undefined };
  chart.tell(left);
  const { workflowId: incident, runId: run } = workflowInfo();
  const told = {
    incident,
    run,
    target,
    diagnosis,
    actions,
    reason: left,
    nextStep: nextStep(diagnosis),
    commands: commandsFor(diagnosis, target),
  };
  const message = { ...told, page: pageText(told) };
  const telling = new CancellationScope();
  await new Promise<void>((tried, failed) => {
    telling.run(() => tellUntilTaken((patience) => escalate(patience, message), chart, 'verifying', tried)).then(() => tried(), failed);
  });
  return { left, end: () => telling.cancel() };
}
