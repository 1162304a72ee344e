import { ActivityFailure, allHandlersFinished, CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { whyOf } from '../incident/audit-why.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Outcome, OutcomeKind } from '../incident/incident.ts';
import type { Alerts } from './alerts.ts';
import type { Chart } from './chart.ts';
import type { Course } from './course.ts';
import type { Chain } from './escalation-chain.ts';
import type { Learning } from './learning.ts';
import type { IncidentInput } from './messages.ts';
import type { Permits } from './permits.ts';
import type { Succession } from './succession.ts';

/** Looks at the target before a person is asked; each follows an act, a wait, or a change of what is looked at. */
const LOOKS_MAX = 150;
/** Whoever is being answered hears the end of it. */
const ANSWERED_WITHIN = '2m';

/** An incident as far as every one goes the same way. */
export interface Arc {
  readonly chart: Chart;
  readonly alerts: Alerts;
  readonly permits: Permits;
  readonly course: Course;
  readonly chain: Chain;
  /** Absent where what it is taken for is no question. */
  readonly succession?: Succession;
  /** Absent where nothing is learned. */
  readonly learning?: Learning;
}

/** What one kind of incident does on the way. */
export interface Way {
  /** One look and what follows from it. Null: look again. `free`: the same, and it counts as no look. */
  readonly round: () => Promise<Outcome | 'free' | null>;
  readonly toPerson: (reason: string) => Promise<Outcome>;
  /** What has to end before it is written down that the incident has; nothing, where nothing is given. */
  readonly end?: () => void;
  readonly diagnosis: () => Diagnosis | null;
}

/** Settles, looks again and again, and ends also where a person cancels it or nothing can be written down any more. */
export async function followArc(input: IncidentInput, arc: Arc, way: Way): Promise<Outcome> {
  try {
    return await follow(input, arc, way);
  } catch (error) {
    if (isCancellation(error)) {
      await CancellationScope.nonCancellable(() => cancelled(arc, way));
      throw error;
    }
    if (error instanceof ActivityFailure)
      return way.toPerson(`Nothing more was done, since it could not be written down: ${error.cause?.message}`);
    throw error;
  }
}

async function follow(input: IncidentInput, { chart, alerts, course, succession }: Arc, { round, toPerson }: Way): Promise<Outcome> {
  if (!input.carried) await settle(input, chart, alerts);
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    if (course.actions().length === 0) await succession?.toMoreTelling();
    const end = await round();
    if (end === 'free') looks--;
    else if (end) return end;
  }
  return toPerson(`It was looked at ${LOOKS_MAX} times and does not come to rest.`);
}

async function settle({ runbook }: IncidentInput, chart: Chart, alerts: Alerts): Promise<void> {
  const { settleSeconds } = runbook;
  chart.enter('settling');
  chart.tell(`An alert fired; ${settleSeconds} s to heal by itself.`);
  await Promise.all([
    condition(alerts.areOver, `${settleSeconds}s`, { summary: 'Settle: it may heal by itself' }),
    recordOpened(runbook, chart, alerts),
  ]);
}

async function recordOpened({ name, mode }: IncidentInput['runbook'], chart: Chart, alerts: Alerts): Promise<void> {
  const alert = alerts.firing()[0]?.alert;
  const [who] = alerts.raisedBy();
  await chart.record('Opened', `${alert ? `The alert ${alert.name} fired` : 'An alert fired'}, for the runbook ${name} (${mode}).`, {
    ...(alert ? { alert: { name: alert.name, since: alert.startsAt } } : {}),
    ...(who ? { who } : {}),
  });
}

/** Lets go of the target, and writes down how it ended. */
export async function close(
  { chart, permits, course, chain, learning }: Arc,
  { end, diagnosis }: Pick<Way, 'end' | 'diagnosis'>,
  kind: OutcomeKind,
  reason: string,
): Promise<Outcome> {
  end?.();
  await Promise.all([permits.leave(true), learning?.teach()]);
  chart.enter('closed');
  chart.label('outcome', kind);
  chart.tell(`Closed as ${kind}: ${reason}`);
  await chart.record('Closed', `${kind}: ${reason}`, { outcome: kind, ...whyOf(diagnosis()) });
  await chain.settled();
  await chart.end(`${kind}: ${reason}`);
  await condition(allHandlersFinished, ANSWERED_WITHIN, { summary: 'Let whoever is being answered hear the end of it' });
  return { kind, diagnosis: diagnosis(), actions: course.actions(), reason };
}

async function cancelled(arc: Arc, way: Way): Promise<void> {
  const standing = arc.course.actions().filter(({ undone, verdict }) => !undone && verdict?.kind !== 'recovered');
  const left = standing.map(({ remedy, after }) => `${remedy} stands (${after})`).join('; ');
  await close(arc, way, 'cancelled', `A person cancelled the incident${left ? `; ${left}` : ''}.`);
}
