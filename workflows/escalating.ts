import { type CancellationScope, workflowInfo } from '@temporalio/workflow';
import { pageText } from '../incident/page.ts';
import type { Escalation } from '../incident/report.ts';
import { escalate } from './calls.ts';
import type { Chart, Phase } from './chart.ts';
import { tellUntilTaken } from './telling.ts';

/** What this incident tells a person, with the page that says it all. */
export function escalationOf(told: Omit<Escalation, 'incident' | 'run' | 'page'>): Escalation {
  const { workflowId: incident, runId: run } = workflowInfo();
  const whole = { incident, run, ...told };
  return { ...whole, page: pageText(whole) };
}

/**
 * Waits for the first try alone; what no channel takes is sent again until the scope is cancelled.
 * @param phase of the incident once a person is told
 */
export async function escalateWithin(
  telling: CancellationScope,
  message: Escalation,
  chart: Pick<Chart, 'enter' | 'tell'>,
  phase: Phase,
): Promise<void> {
  await new Promise<void>((tried, failed) => {
    telling.run(() => tellUntilTaken((patience) => escalate(patience, message), chart, phase, tried)).then(() => tried(), failed);
  });
}
