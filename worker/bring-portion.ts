import type { Client } from '@temporalio/client';
import type { Bring } from '../activities/bringing.ts';
import { messageOf } from '../activities/failures.ts';
import type { Cluster } from '../clients/cluster.ts';
import type { ReadAlert } from '../gateway/about.ts';
import type { Taken } from '../gateway/intake.ts';
import { packedAgain, unpacked } from '../gateway/portions.ts';
import { type Takers, takeAlerts } from '../gateway/take-alerts.ts';
import type { Alert } from '../incident/alert.ts';
import type { Brought } from '../incident/portion.ts';

/** So many are brought at a time; those of one incident lie together. */
const SLICE = 200;
/** After so long what was done is handed to the workflow: whatever dies then, only a little is brought again. */
const STRETCH_MS = 20_000;
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
  return async (portion, from, progress, stop) => {
    const { cluster, limits, alerts } = await unpacked(portion);
    const intake = { cluster, limits, taskQueue, kubernetes, client };
    const became = new Map<Alert, Taken>();
    const failures: unknown[] = [];
    const endMs = Date.now() + STRETCH_MS;
    let next = from;
    while (next < alerts.length && Date.now() < endMs && failures.length === 0) {
      const slice = alerts.slice(next, next + SLICE);
      await bringSlice(slice, { intake, stop, taken: (alert, taken) => became.set(alert, taken) }, failures);
      next += slice.length;
      progress.done = next;
    }
    const sum = sumOf([...became.values()]);
    const rest = alerts.slice(from, next).filter(({ alert }) => !became.has(alert));
    log('Alerts of large bodies were brought to their incidents.', { ...sum, left: rest.length });
    const left = { portion: await packedAgain(rest, { cluster, limits }), why: messageOf(failures[0]) };
    return { ...sum, left: rest.length > 0 ? left : null, next: next < alerts.length ? next : null };
  };
}

/** Brings what can be, and tells of the rest in `failures`. @throws when it was told to stop */
async function bringSlice(slice: readonly ReadAlert[], takers: Omit<Takers, 'failed'>, failures: unknown[]): Promise<void> {
  const failed = (error: unknown) => {
    if (failures.push(error) >= FAILURES_MAX) throw error;
  };
  await takeAlerts(slice, { ...takers, failed }).catch((error) => {
    if (takers.stop?.aborted || failures.length === 0) throw error;
  });
  takers.stop?.throwIfAborted();
}

function sumOf(taken: readonly Taken[]): Omit<Brought, 'left' | 'next'> {
  const ignored: Record<string, number> = {};
  for (const one of taken) if (one.kind === 'ignored') ignored[one.why] = (ignored[one.why] ?? 0) + 1;
  const count = (kind: Taken['kind']) => taken.filter((one) => one.kind === kind).length;
  return { joined: count('joined'), resolved: count('resolved'), ignored };
}
