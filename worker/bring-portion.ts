import type { Client } from '@temporalio/client';
import type { Bring } from '../activities/bringing.ts';
import { messageOf } from '../activities/failures.ts';
import type { Cluster } from '../clients/cluster.ts';
import type { Taken } from '../gateway/intake.ts';
import { packedAgain, unpacked } from '../gateway/portions.ts';
import { takeAlerts } from '../gateway/take-alerts.ts';
import type { Alert } from '../incident/alert.ts';
import type { Brought } from '../incident/portion.ts';

/** After so many failures whatever is asked is taken to be away, and the rest is not tried. */
const FAILURES_MAX = 20;

/** What a worker brings alerts to their incidents with. */
interface Hands {
  readonly client: Client;
  readonly taskQueue: string;
  readonly kubernetes: Pick<Cluster, 'topmostOwner'>;
  readonly log: (message: string, fields: object) => void;
}

/** Does for a portion what the gateway does for a small body; what fails keeps nothing else away. */
export function portionBringer({ client, taskQueue, kubernetes, log }: Hands): Bring {
  return async (portion, progress, stop) => {
    const { cluster, limits, alerts } = await unpacked(portion);
    const became = new Map<Alert, Taken>();
    const failures: unknown[] = [];
    const bringing = takeAlerts(alerts, {
      intake: { cluster, limits, taskQueue, kubernetes, client },
      stop,
      taken(alert, taken) {
        became.set(alert, taken);
        progress.done = became.size;
      },
      failed(error) {
        if (failures.push(error) >= FAILURES_MAX) throw error;
      },
    });
    await bringing.catch((error) => {
      if (stop.aborted || failures.length === 0) throw error;
    });
    stop.throwIfAborted();
    const sum = sumOf([...became.values()]);
    const rest = alerts.filter(({ alert }) => !became.has(alert));
    log('Alerts of a large body were brought to their incidents.', { ...sum, left: rest.length });
    const left = { portion: await packedAgain(rest, { cluster, limits }), why: messageOf(failures[0]) };
    return { ...sum, left: rest.length > 0 ? left : null };
  };
}

function sumOf(taken: readonly Taken[]): Omit<Brought, 'left'> {
  const ignored: Record<string, number> = {};
  for (const one of taken) if (one.kind === 'ignored') ignored[one.why] = (ignored[one.why] ?? 0) + 1;
  const count = (kind: Taken['kind']) => taken.filter((one) => one.kind === kind).length;
  return { joined: count('joined'), resolved: count('resolved'), ignored };
}
