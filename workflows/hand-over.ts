import { CancellationScope, condition } from '@temporalio/workflow';
import { whyOf } from '../incident/audit-why.ts';
import type { CauseKind } from '../incident/cause.ts';
import { commandsFor } from '../incident/commands.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import { nextStep } from '../incident/next-step.ts';
import { othersOf } from '../incident/page.ts';
import type { Action } from '../incident/plan.ts';
import type { View } from '../incident/view.ts';
import type { Alerts } from './alerts.ts';
import { examine } from './calls.ts';
import type { Chart } from './chart.ts';
import { escalateWithin, escalationOf } from './escalating.ts';
import type { IncidentInput } from './messages.ts';
import { settled } from './settled.ts';

const LOOK_EVERY = '30m';
/** A week of looks. */
const LOOKS_MAX = 336;

/** What is handed over to a person. */
export interface HandOver {
  readonly input: IncidentInput;
  readonly chart: Chart;
  readonly alerts: Alerts;
  readonly diagnosis: Diagnosis | null;
  /** How the target is looked at. */
  readonly view: View;
  readonly actions: readonly Action[];
  readonly reason: string;
  /** False where a person knows already. */
  readonly isNews: boolean;
  /** What to know beside the diagnosis, a sentence each. */
  readonly briefing?: readonly string[];
  /** False where a target that is well proves nothing. */
  readonly isOverWhenHealthy?: boolean;
}

/** Tells a person, and keeps watching until the failure is over. Returns how it ended, as a sentence. */
export async function handOver(handed: HandOver): Promise<string> {
  const { input, chart, alerts, diagnosis, view, actions, reason, isNews, briefing, isOverWhenHealthy = true } = handed;
  const { target } = input;
  chart.enter('escalated');
  const commands = commandsFor(diagnosis, target);
  chart.tell(`A person is needed: ${reason} Next step: ${nextStep(diagnosis)}`);
  for (const other of othersOf(diagnosis)) chart.tell(`It could also be ${other}`);
  chart.tell(`To look closer: ${commands.join(' ; ')}`);
  await chart.record('Escalated', reason, whyOf(diagnosis));
  const telling = new CancellationScope();
  const message = escalationOf({
    target,
    diagnosis,
    actions,
    reason,
    nextStep: nextStep(diagnosis),
    commands,
    ...(briefing ? { briefing } : {}),
  });
  if (isNews) await escalateWithin(telling, message, chart, 'escalated');
  try {
    return await watch();
  } finally {
    telling.cancel();
  }

  async function watch(): Promise<string> {
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      if (await condition(alerts.areOver, LOOK_EVERY)) return `${reason} The alert is over.`;
      const seen = await settled(() => examine(target, view));
      if (seen.kind === 'failed' && seen.type === 'TargetGone') return `${reason} The target no longer exists.`;
      if (seen.kind === 'done' && isOver(seen.value.diagnosis.cause)) return `${reason} The target is healthy.`;
    }
    return `${reason} It was watched for a week and is not over.`;
  }

  /** That nothing is found says nothing new where a person was told just that. */
  function isOver(cause: CauseKind): boolean {
    return isOverWhenHealthy && (cause === 'healthy' || (cause === 'transient' && diagnosis?.cause !== 'transient'));
  }
}
