import type { V1Node, V1Pod } from '@kubernetes/client-node';
import type { Change } from '../../../incident/change.ts';
import type { ReplicasState } from '../../../incident/surroundings.ts';
import { isReady, type WorkloadRead } from '../workload-seen.ts';
import { maxUnavailable } from './max-unavailable.ts';
import { personAtWork } from './person-at-work.ts';
import { noRoomFor } from './room.ts';

/**
 * The target's pods, and what a change does to them.
 * @param workloads the target, or the Deployments that stand for it
 * @param podsOfCluster all that have not ended; needed only where a single pod is taken
 */
export function replicasState(
  change: Change,
  workloads: readonly WorkloadRead[],
  nodes: readonly V1Node[],
  podsOfCluster: readonly V1Pod[],
): ReplicasState {
  const pods = workloads.flatMap((workload) => workload.pods);
  const taken = change.kind === 'pod' ? (pods.find(({ metadata }) => metadata?.uid === change.uid) ?? null) : null;
  return {
    wanted: workloads.reduce((sum, workload) => sum + wantedOf(workload), 0),
    ready: workloads.reduce((sum, workload) => sum + readyOf(workload), 0),
    readyTaken:
      change.kind === 'pod'
        ? Number(taken !== null && isServing(taken))
        : workloads.reduce((sum, workload) => sum + takenByRollout(workload), 0),
    noRoom: taken && noRoomFor(taken, nodes, podsOfCluster),
    personAtWork: personAtWork(pods, nodes),
  };
}

/** A rollout keeps so many pods available as its strategy says, and may take every ready one beyond. */
function takenByRollout(workload: WorkloadRead): number {
  const wanted = wantedOf(workload);
  const kept = wanted - maxUnavailable(wanted, workload.deployment.spec?.strategy);
  return Math.max(0, readyOf(workload) - kept);
}

function wantedOf({ deployment }: WorkloadRead): number {
  return deployment.spec?.replicas ?? 1;
}

function readyOf({ pods }: WorkloadRead): number {
  return pods.filter(isServing).length;
}

function isServing(pod: V1Pod): boolean {
  return isReady(pod) && !pod.metadata?.deletionTimestamp;
}
