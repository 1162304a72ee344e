import { activityInfo, heartbeat, sleep } from '@temporalio/activity';
import type { Objects, RawObject } from '../clients/kubernetes/any-objects.ts';
import { failingChecks } from '../drills/checks.ts';
import type { Ground } from '../drills/inject.ts';
import { DrillForbidden, whyForbidden } from '../drills/leave.ts';
import { ownObjects } from '../drills/own-objects.ts';
import type { Check, Drill } from '../drills/schema.ts';
import type { Anchor } from '../drills/stamped.ts';

const HEARTBEAT_EVERY_MS = 2_000;

/** One drill, where it is run. */
export interface DrillSite {
  readonly cluster: string;
  readonly namespace: string;
  /** Of this run alone; what it makes bears it. */
  readonly id: string;
  readonly drill: Drill;
}

/** The objects of a cluster, as drills reach them. */
export interface DrillCluster {
  readonly objectsIn: (namespace: string) => Objects;
  /** Namespaces that Paramedic itself is in, or may be. */
  readonly ownNamespaces: readonly string[];
}

/** The namespace itself, read afresh. @throws DrillForbidden where drills may not be run in it */
export async function requireLeave({ objectsIn, ownNamespaces }: DrillCluster, namespace: string): Promise<void> {
  const found = await objectsIn(namespace).read({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  const why = whyForbidden(namespace, found?.metadata ?? null, ownNamespaces);
  if (why !== null) throw new DrillForbidden(why);
}

/** Where the steps of a drill are done: on its own objects alone, and only where that is allowed. */
export function groundOf(cluster: DrillCluster, { namespace, id }: DrillSite, anchor: Anchor): Ground<Check> {
  const objects = ownObjects(cluster.objectsIn(namespace), { id, anchor, requireLeave: () => requireLeave(cluster, namespace) });
  return {
    objects,
    pause: beatingPause(),
    variables: new Map([['namespace', namespace]]),
    failing: (checks) => failingChecks(checks, { objects, specs: new Map() }),
  };
}

/** Waits, and says meanwhile that it is alive. @param details what the next worker is to know, where this one dies */
export function beatingPause(details: () => unknown = () => activityInfo().heartbeatDetails): (ms: number) => Promise<void> {
  return async (ms) => {
    for (let leftMs = ms; leftMs > 0; leftMs -= HEARTBEAT_EVERY_MS) {
      heartbeat(details());
      await sleep(Math.min(leftMs, HEARTBEAT_EVERY_MS));
    }
  };
}

/** Whether every node that takes just any pod is a simulated one, whose pods do as their annotations say. */
export function areSimulated(nodes: readonly RawObject[]): boolean {
  const open = nodes.filter(
    ({ spec }) => !spec?.unschedulable && !(spec?.taints ?? []).some(({ effect }: { effect: string }) => effect !== 'PreferNoSchedule'),
  );
  return open.length > 0 && open.every(({ metadata }) => metadata.annotations?.['kwok.x-k8s.io/node'] !== undefined);
}
