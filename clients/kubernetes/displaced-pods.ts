import { CoreV1Api, type KubeConfig, type V1Pod } from '@kubernetes/client-node';

/** Reasons of the condition `DisruptionTarget` that say that a pod had to make room. */
const HAD_TO_MAKE_ROOM: readonly unknown[] = ['PreemptionByScheduler', 'TerminationByKubelet'];

/** Finds the pods of the whole cluster that have lost their place to others, or find none. */
export function displacedPodsIn(config: KubeConfig): () => Promise<readonly string[]> {
  const core = config.makeApiClient(CoreV1Api);
  const inPhase = (phase: 'Pending' | 'Failed') => core.listPodForAllNamespaces({ fieldSelector: `status.phase=${phase}` });
  return async () => {
    const [pending, failed] = await Promise.all([inPhase('Pending'), inPhase('Failed')]);
    return [...pending.items.filter(findsNoPlace), ...failed.items.filter(hasLostItsPlace)].map(nameOf).sort();
  };
}

function findsNoPlace({ status }: V1Pod): boolean {
  return (status?.conditions ?? []).some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable');
}

function hasLostItsPlace({ status }: V1Pod): boolean {
  const had = (status?.conditions ?? []).some(({ type, reason }) => type === 'DisruptionTarget' && HAD_TO_MAKE_ROOM.includes(reason));
  return had || status?.reason === 'Evicted';
}

function nameOf({ metadata }: V1Pod): string {
  return `${metadata?.namespace}/${metadata?.name}`;
}
