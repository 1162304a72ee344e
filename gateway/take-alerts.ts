import { inParallel } from '../clients/in-parallel.ts';
import type { ReadAlert } from './about.ts';
import { inTime } from './in-time.ts';
import { fateOf, type IncidentToJoin, type Intake, joinIncident, resolvedIn, type Taken } from './intake.ts';
import { openIncidentsOf } from './open-incidents.ts';
import { openTurns } from './turns.ts';

/** So many alerts of one body are brought to Temporal at once. */
const ALERTS_AT_ONCE = 20;
/** So many alerts join an incident in one call: each may take some ten kilobytes, and Temporal takes two megabytes. */
export const TOGETHER_MAX = 20;

/** Where alerts are brought to. */
export interface Takers {
  readonly intake: Omit<Intake, 'runbooks'>;
  /** Called for each alert as soon as it is known what became of it. */
  readonly taken: (alert: ReadAlert['alert'], taken: Taken) => void;
  /** Called for each call that fails; what it throws ends all. Absent: the first that fails does. */
  readonly failed?: (error: unknown) => void;
  /** Aborted: no further call is made. */
  readonly stop?: AbortSignal;
}

/**
 * Brings each of some alerts to its incident, those of one incident together.
 * @throws when one cannot be stored, so that whoever sent them sends all of them again; those stored already then join.
 */
export async function takeAlerts(alerts: readonly ReadAlert[], { intake, taken: tell, failed, stop }: Takers): Promise<void> {
  const letOthersRun = openTurns();
  const asking = askingOnce(intake);
  const open = await inTime(openIncidentsOf(resolvedIn(alerts), intake.client));
  const joining = new Map<string, Joining>();
  const atOnce = <One>(items: readonly One[], work: (one: One) => Promise<void>) =>
    inParallel(items, ALERTS_AT_ONCE, async (one) => {
      // Of 20,000 alerts most are nobody's, and those need nothing that would let go of the process.
      await letOthersRun();
      stop?.throwIfAborted();
      await work(one).catch(failed);
    });
  await atOnce(alerts, async (read) => {
    const fate = await inTime(fateOf(read, asking, open));
    if (fate.kind !== 'incident') return tell(read.alert, fate);
    const key = `${fate.workflowId} ${fate.runbook.name}`;
    const together = joining.get(key);
    if (together) together.alerts.push(read.alert);
    else joining.set(key, { incident: fate, alerts: [read.alert] });
  });
  await atOnce([...joining.values()].flatMap(inCalls), async ({ incident, alerts: together }) => {
    const taken = await inTime(joinIncident(together, incident, intake));
    for (const alert of together) tell(alert, taken);
  });
}

/** Alerts of one body that belong to one incident. */
interface Joining {
  readonly incident: IncidentToJoin;
  readonly alerts: [ReadAlert['alert'], ...ReadAlert['alert'][]];
}

function inCalls({ incident, alerts }: Joining): Joining[] {
  const calls: Joining[] = [];
  for (let start = 0; start < alerts.length; start += TOGETHER_MAX)
    calls.push({ incident, alerts: alerts.slice(start, start + TOGETHER_MAX) as Joining['alerts'] });
  return calls;
}

/** Who owns what is asked once for all alerts of a body that name it. */
function askingOnce<Asked extends Pick<Intake, 'kubernetes'>>(intake: Asked): Asked {
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
