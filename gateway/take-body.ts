import type { Alert } from '../incident/alert.ts';
import { intakeWorkflowId } from '../incident/incident.ts';
import { alertReader, plainFate, type ReadAlert } from './about.ts';
import { handOver, queueOf } from './hand-over.ts';
import { inTime } from './in-time.ts';
import type { Intake, Taken } from './intake.ts';
import { TOGETHER_MAX, takeAlerts } from './take-alerts.ts';
import { openTurns } from './turns.ts';
import { isWatchdog } from './watchdog.ts';

/** A body that needs more calls than can be made at once is handed over: its sender need not wait for all of them. */
const CALLS_MAX = 20;

/** One alert and what became of it. */
export interface AlertTaken {
  readonly alert: Alert;
  readonly taken: Taken | HandedOver;
}

/** Temporal has it, and its workflow of this name brings it to its incident. */
interface HandedOver {
  readonly kind: 'handedOver';
  readonly intake: string;
}

/** Where alerts of one body are brought to. */
export interface BodyTakers {
  readonly intake: Intake;
  /** Tells that the source of these alerts is alive. Returns the source's name. */
  readonly alive: () => Promise<string>;
  /** Called for each alert as soon as it is known what became of it. */
  readonly taken: (one: AlertTaken) => void;
}

/** More has been handed over than can be held. */
export class QueueFull extends Error {}

/**
 * Takes every alert of a body, each distinct one once. Few are brought to their incidents at once; many, and all that come while such are on
 * their way, are given to a workflow that does it in their order.
 * @throws when one cannot be stored, so that the sender sends all of them again; those stored already then join.
 */
export async function takeBody(alerts: readonly Alert[], { intake, alive, taken: told }: BodyTakers): Promise<AlertTaken[]> {
  const became = new Map<Alert, AlertTaken['taken']>();
  const tell = (alert: Alert, taken: AlertTaken['taken']) => {
    became.set(alert, taken);
    told({ alert, taken });
  };
  const letOthersRun = openTurns();
  const each = await distinct(alerts, letOthersRun);
  const read = alertReader(intake.runbooks);
  const open: ReadAlert[] = [];
  for (const alert of each) {
    await letOthersRun();
    if (isWatchdog(alert)) continue;
    const one = read(alert);
    const fate = plainFate(one);
    if (fate) tell(alert, fate);
    else open.push(one);
  }
  if (open.length > 0) await takeOpen(open, intake, tell);
  // Signs of life come last, so that an office that cannot be reached keeps no alert from its incident.
  for (const alert of each.filter(isWatchdog)) tell(alert, await inTime(takeWatchdog(alert, alive)));
  return each.map((alert) => ({ alert, taken: became.get(alert)! }));
}

async function takeOpen(open: readonly ReadAlert[], intake: Intake, tell: (alert: Alert, taken: AlertTaken['taken']) => void) {
  const queue = await queueOf(intake);
  if (queue === 'full') throw new QueueFull('Too many alerts are on their way to their incidents.');
  if (queue === 'empty' && callsFor(open) <= CALLS_MAX) return takeAlerts(open, { intake, taken: tell });
  await handOver(open, intake);
  const taken = { kind: 'handedOver', intake: intakeWorkflowId(intake.cluster) } as const;
  for (const { alert } of open) tell(alert, taken);
}

/** About how many calls of Temporal alerts need: those that name one thing join one incident together. */
function callsFor(alerts: readonly ReadAlert[]): number {
  const named = new Map<string, number>();
  let calls = 0;
  for (const { alert, about } of alerts) {
    if (alert.status === 'resolved' || 'why' in about) calls++;
    else {
      const key = JSON.stringify(about.subject);
      named.set(key, (named.get(key) ?? 0) + 1);
    }
  }
  for (const count of named.values()) calls += Math.ceil(count / TOGETHER_MAX);
  return calls;
}

async function takeWatchdog({ name, status }: Alert, alive: BodyTakers['alive']): Promise<Taken> {
  if (status === 'firing') return { kind: 'alive', source: await alive() };
  const reason = `The alert "${name}", which must always fire, does not: what sends it has stopped, and that is no sign of life.`;
  return { kind: 'ignored', why: 'watchdogSilent', reason };
}

/** What a body says last of an alert is what counts. */
async function distinct(alerts: readonly Alert[], letOthersRun: () => Promise<void> | undefined): Promise<Alert[]> {
  const last = new Map<string, Alert>();
  for (const alert of alerts) {
    await letOthersRun();
    last.set(identity(alert), alert);
  }
  return [...last.values()];
}

function identity({ fingerprint, labels }: Alert): string {
  return fingerprint === '' ? JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))) : fingerprint;
}
