import type { WorkloadEvidence } from '../../incident/evidence.ts';
import type { Rollout } from '../../incident/rollout.ts';
import type { WorkloadRead } from './read-workload.ts';

type Counts = Pick<WorkloadEvidence, 'observed' | 'replicasWanted' | 'replicasReady' | 'replicasUpdated'>;

/** How many pods there are to be and are, as its controller counts them; of a DaemonSet the nodes say how many. */
export function countsOf({ kind, object }: WorkloadRead): Counts {
  const observed = (object.status?.observedGeneration ?? 0) >= (object.metadata?.generation ?? 0);
  if (kind === 'DaemonSet') {
    const { desiredNumberScheduled = 0, numberReady = 0, updatedNumberScheduled = 0 } = object.status ?? {};
    return { observed, replicasWanted: desiredNumberScheduled, replicasReady: numberReady, replicasUpdated: updatedNumberScheduled };
  }
  const { readyReplicas = 0, updatedReplicas = 0 } = object.status ?? {};
  return { observed, replicasWanted: object.spec?.replicas ?? 1, replicasReady: readyReplicas, replicasUpdated: updatedReplicas };
}

/** How a change of its template reaches its pods. */
export function rolloutOf({ kind, object }: WorkloadRead): Rollout {
  switch (kind) {
    case 'Deployment':
      return { byHand: false, waitsForFailing: false, kept: 0 };
    case 'DaemonSet':
      return { byHand: object.spec?.updateStrategy?.type === 'OnDelete', waitsForFailing: false, kept: 0 };
    case 'StatefulSet': {
      const { type, rollingUpdate } = object.spec?.updateStrategy ?? {};
      const byHand = type === 'OnDelete';
      const waitsForFailing = object.spec?.podManagementPolicy !== 'Parallel';
      return { byHand, waitsForFailing, kept: byHand ? 0 : (rollingUpdate?.partition ?? 0) };
    }
    default:
      return kind satisfies never;
  }
}

/** The first of a StatefulSet's ordinals that a change of the template reaches. */
export function firstReached(workload: WorkloadRead): number {
  if (workload.kind !== 'StatefulSet') return 0;
  return (workload.object.spec?.ordinals?.start ?? 0) + rolloutOf(workload).kept;
}
