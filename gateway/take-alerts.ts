import { setImmediate as nextTurn } from 'node:timers/promises';
import { inParallel } from '../clients/in-parallel.ts';
import type { Alert } from '../incident/alert.ts';
import { fateOf, type IncidentToJoin, type Intake, joinIncident, type Taken } from './intake.ts';
import { isWatchdog } from './watchdog.ts';

/** So many alerts of one body are brought to Temporal at once. */
const ALERTS_AT_ONCE = 20;
/** So many alerts join an incident in one call: each may take some ten kilobytes, and Temporal takes two megabytes. */
const TOGETHER_MAX = 20;
/** Past this, Temporal or Kubernetes is taken to be away. */
const ALERT_TIMEOUT_MS = 15_000;
/** What else the process does, such as saying that it is healthy, waits for no longer than about this. */
const TURN_MS_MAX = 10;

/** One alert and what became of it. */
export interface AlertTaken {
  readonly alert: Alert;
  readonly taken: Taken;
}

/** Where alerts of one body are brought to. */
export interface Takers {
  readonly intake: Intake;
  /** Tells that the source of these alerts is alive. Returns the source's name. */
  readonly alive: () => Promise<string>;
  /** Called for each alert as soon as it is known what became of it. */
  readonly taken: (one: AlertTaken) => void;
}

/**
 * Takes every alert of a body, each distinct one once, and those of one incident together.
 * @throws when one cannot be stored, so that the sender sends all of them again; those stored already then join.
 */
export async function takeAlerts(alerts: readonly Alert[], { intake, alive, taken: told }: Takers): Promise<AlertTaken[]> {
  const letOthersRun = openTurns();
  const each = await distinct(alerts, letOthersRun);
  const asking = askingOnce(intake);
  const became = new Map<Alert, Taken>();
  const tell = (alert: Alert, taken: Taken) => {
    became.set(alert, taken);
    told({ alert, taken });
  };
  const joining = new Map<string, Joining>();
  await inParallel(each.filter(isNoWatchdog), ALERTS_AT_ONCE, async (alert) => {
    // Of 20,000 alerts most are nobody's, and those need nothing that would let go of the process.
    await letOthersRun();
    const fate = await inTime(fateOf(alert, asking));
    if (fate.kind !== 'incident') return tell(alert, fate);
    const key = `${fate.workflowId} ${fate.runbook.name}`;
    const together = joining.get(key);
    if (together) together.alerts.push(alert);
    else joining.set(key, { incident: fate, alerts: [alert] });
  });
  await inParallel([...joining.values()].flatMap(inCalls), ALERTS_AT_ONCE, async ({ incident, alerts: together }) => {
    await letOthersRun();
    const taken = await inTime(joinIncident(together, incident, intake));
    for (const alert of together) tell(alert, taken);
  });
  // Signs of life come last, so that an office that cannot be reached keeps no alert from its incident.
  for (const alert of each.filter(isWatchdog)) tell(alert, await inTime(takeWatchdog(alert, alive)));
  return each.map((alert) => ({ alert, taken: became.get(alert)! }));
}

/** Alerts of one body that belong to one incident. */
interface Joining {
  readonly incident: IncidentToJoin;
  readonly alerts: [Alert, ...Alert[]];
}

function inCalls({ incident, alerts }: Joining): Joining[] {
  const calls: Joining[] = [];
  for (let start = 0; start < alerts.length; start += TOGETHER_MAX)
    calls.push({ incident, alerts: alerts.slice(start, start + TOGETHER_MAX) as [Alert, ...Alert[]] });
  return calls;
}

function isNoWatchdog(alert: Alert): boolean {
  return !isWatchdog(alert);
}

/** Who owns what is asked once for all alerts of a body that name it. */
function askingOnce(intake: Intake): Intake {
  const owners = new Map<string, ReturnType<Intake['kubernetes']['topmostOwner']>>();
  return {
    ...intake,
    kubernetes: {
      topmostOwner(namespace, kind, name) {
        const key = JSON.stringify([namespace, kind, name]);
        const asked = owners.get(key) ?? intake.kubernetes.topmostOwner(namespace, kind, name);
        owners.set(key, asked);
        return asked;
      },
    },
  };
}

/** Waits for the next turn of the event loop where this one has taken long; whoever waits goes on in one and the same. */
function openTurns(): () => Promise<void> | undefined {
  let sinceMs = performance.now();
  let next: Promise<void> | undefined;
  return () => {
    if (next === undefined && performance.now() - sinceMs < TURN_MS_MAX) return undefined;
    next ??= nextTurn().then(() => {
      sinceMs = performance.now();
      next = undefined;
    });
    return next;
  };
}

async function takeWatchdog({ name, status }: Alert, alive: Takers['alive']): Promise<Taken> {
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

async function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ALERT_TIMEOUT_MS / 1000} s.`)), ALERT_TIMEOUT_MS);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
