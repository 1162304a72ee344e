import { condition, isCancellation } from '@temporalio/workflow';
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
import { escalationOf } from './escalating.ts';
import type { Chain, Telling } from './escalation-chain.ts';
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
  readonly chain: Chain;
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
  const { input, chart, alerts, chain, diagnosis, view, actions, reason, isNews, briefing, isOverWhenHealthy = true } = handed;
  const { target } = input;
  chart.enter('escalated');
  const commands = commandsFor(diagnosis, target);
  chart.tell(`A person is needed: ${reason} Next step: ${nextStep(diagnosis)}`);
  for (const other of othersOf(diagnosis)) chart.tell(`It could also be ${other}`);
  chart.tell(`To look closer: ${commands.join(' ; ')}`);
  await chart.record('Escalated', reason, whyOf(diagnosis));
  const message = escalationOf({
    target,
    diagnosis,
    actions,
    reason,
    nextStep: nextStep(diagnosis),
    commands,
    ...(briefing ? { briefing } : {}),
  });
  const telling: Telling = isNews ? await chain.tell(message, 'escalated') : { stop: () => undefined, over: () => undefined };
  try {
    const end = await watch();
    if (end === null) telling.stop();
    else telling.over(end);
    return `${reason} ${end ?? 'It was watched for a week and is not over.'}`;
  } catch (error) {
    if (isCancellation(error)) telling.over('A person cancelled the incident.');
    else telling.stop();
    throw error;
  }

  /** How it is over; null where it is not. */
  async function watch(): Promise<string | null> {
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      if (await condition(alerts.areOver, LOOK_EVERY, { summary: 'Handed over; look whether it is mended' })) return 'The alert is over.';
      const seen = await settled(() => examine(target, view));
      if (seen.kind === 'failed' && seen.type === 'TargetGone') return 'The target no longer exists.';
      if (seen.kind === 'done' && isOver(seen.value.diagnosis.cause)) return 'The target is healthy.';
    }
    return null;
  }

  /** That nothing is found says nothing new where a person was told just that. */
  function isOver(cause: CauseKind): boolean {
    return isOverWhenHealthy && (cause === 'healthy' || (cause === 'transient' && diagnosis?.cause !== 'transient'));
  }
}
