import type { V1Node, V1Pod, V1ResourceQuota } from '@kubernetes/client-node';
import { type Change, isBeside, podsOf } from '../../../incident/change.ts';
import type { ReplicasState } from '../../../incident/surroundings.ts';
import type { WorkloadRead } from '../read-workload.ts';
import { countsOf } from '../rollouts.ts';
import { isReady } from '../workload-seen.ts';
import { afterLeaving } from './after-leaving.ts';
import { maxUnavailable } from './max-unavailable.ts';
import { personAtWork } from './person-at-work.ts';
import { noRoomFor } from './room.ts';
import { roomForMore } from './room-for-more.ts';

/**
 * The target's pods, and what a change does to them.
 * @param workloads the target, or the workloads that stand for it
 * @param podsOfCluster all that have not ended; needed only where single pods are taken, or more are made
 * @param quotas of its namespace; needed only where more pods are made
 */
export function replicasState(
  change: Change,
  workloads: readonly WorkloadRead[],
  nodes: readonly V1Node[],
  podsOfCluster: readonly V1Pod[],
  quotas: readonly V1ResourceQuota[] = [],
): ReplicasState {
  const pods = workloads.flatMap((workload) => workload.pods);
  const uids = podsOf(change).map(({ uid }) => uid);
  const taken = pods.filter(({ metadata }) => uids.includes(metadata?.uid ?? ''));
  return {
    wanted: workloads.reduce((sum, workload) => sum + wantedOf(workload), 0),
    ready: workloads.reduce((sum, workload) => sum + readyOf(workload), 0),
    readyTaken: isBeside(change) ? 0 : readyTakenBy(change, taken, workloads),
    noRoom:
      change.kind === 'replicas'
        ? noRoomForMore(change, pods, nodes, podsOfCluster, quotas)
        : noRoomForAll(taken, afterLeaving(change, nodes), podsOfCluster),
    personAtWork: personAtWork(pods, nodes, workloads.some(isOnEveryNode) ? taken : pods),
  };
}

/** Why one of the pods would find no room; those that leave with it look for some, too. */
function noRoomForAll(taken: readonly V1Pod[], nodes: readonly V1Node[], podsOfCluster: readonly V1Pod[]): string | null {
  const uids = new Set(taken.map(({ metadata }) => metadata?.uid));
  const waiting = podsOfCluster.map((pod) => (uids.has(pod.metadata?.uid) ? withoutNode(pod) : pod));
  return taken.map((pod) => noRoomFor(pod, nodes, waiting)).find((reason) => reason !== null) ?? null;
}

function withoutNode({ spec, ...pod }: V1Pod): V1Pod {
  const { nodeName: _left, ...rest } = spec ?? { containers: [] };
  return { ...pod, spec: rest };
}

/** More pods, or a policy less, take none away. */
function readyTakenBy(change: Change, taken: readonly V1Pod[], workloads: readonly WorkloadRead[]): number {
  if (change.kind === 'replicas' || change.kind === 'networkPolicy') return 0;
  if (change.kind === 'pod' || change.kind === 'node') return taken.filter(isServing).length;
  return workloads.reduce((sum, workload) => sum + takenByRollout(workload), 0);
}

/** Why not all the pods that a raised bound allows would find a place, as a sentence; null where they would. */
function noRoomForMore(
  { from, to }: Extract<Change, { readonly kind: 'replicas' }>,
  own: readonly V1Pod[],
  nodes: readonly V1Node[],
  podsOfCluster: readonly V1Pod[],
  quotas: readonly V1ResourceQuota[],
): string | null {
  const like = own.find(isServing);
  if (!like) return 'It has no ready pod, so that whether more of them find room cannot be told.';
  const { more, limitedBy } = roomForMore(like, nodes, podsOfCluster, quotas);
  return more < to - from ? limitedBy : null;
}

/** A rollout keeps so many pods available as its strategy says, and may take every ready one beyond. */
function takenByRollout(workload: WorkloadRead): number {
  const wanted = wantedOf(workload);
  const kept = wanted - maxUnavailable(workload);
  return Math.max(0, readyOf(workload) - kept);
}

function wantedOf(workload: WorkloadRead): number {
  return countsOf(workload).replicasWanted;
}

/** Nodes that are cordoned keep their pods of a DaemonSet, and say nothing about it. */
function isOnEveryNode({ kind }: WorkloadRead): boolean {
  return kind === 'DaemonSet';
}

function readyOf({ pods }: WorkloadRead): number {
  return pods.filter(isServing).length;
}

function isServing(pod: V1Pod): boolean {
  return isReady(pod) && !pod.metadata?.deletionTimestamp;
}
