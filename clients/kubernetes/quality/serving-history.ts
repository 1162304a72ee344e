import type { ServingHistory } from '../../../incident/quality.ts';
import { SOURCE_URI } from '../../serving/inference-service-type.ts';
import type { ReleaseRead, WorkloadRead } from '../read-workload.ts';
import { isReady } from '../workload-seen.ts';

/** Set on a ReplicaSet that became the newest once more, so that its own age says nothing. */
const USED_AGAIN = 'deployment.kubernetes.io/revision-history';

/** What the newest release of a model server's Deployment brought, and since when. Null where it has none. */
export function servingHistory({ releases, pods }: WorkloadRead): ServingHistory | null {
  const [newest, previous] = releases;
  if (!newest) return null;
  const begun = newest.metadata?.annotations?.[USED_AGAIN] === undefined ? [newest] : podsOf(newest, pods);
  const times = begun.flatMap(({ metadata }) => metadata?.creationTimestamp?.getTime() ?? []);
  return {
    sinceMs: times.length === 0 ? null : Math.min(...times),
    storageUri: sourceOf(newest),
    before: previous ? sourceOf(previous) : null,
  };
}

function podsOf(set: ReleaseRead, pods: WorkloadRead['pods']): WorkloadRead['pods'] {
  return pods.filter((pod) => isReady(pod) && pod.metadata?.ownerReferences?.some(({ uid }) => uid === set.metadata?.uid));
}

function sourceOf({ template }: ReleaseRead): string | null {
  return template?.metadata?.annotations?.[SOURCE_URI] ?? null;
}
