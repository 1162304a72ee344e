import { CoreV1Api, type KubeConfig, type V1Pod } from '@kubernetes/client-node';
import type { DisplacedPod } from '../cluster.ts';

/** Reasons of the condition `DisruptionTarget` that say that a pod had to make room. */
const HAD_TO_MAKE_ROOM: readonly unknown[] = ['PreemptionByScheduler', 'TerminationByKubelet'];
/** What the scheduler says of nodes that no act of ours has closed: what a pod asks for otherwise than room. */
const NOT_FOR_ROOM =
  /node affinity\/selector|untolerated taint|unbound immediate PersistentVolumeClaims|persistentvolumeclaim|persistent volumes to bind|volume node affinity conflict/i;

/** Finds the pods of the whole cluster that have lost their place to others, or find none. */
export function displacedPodsIn(config: KubeConfig): () => Promise<readonly DisplacedPod[]> {
  const core = config.makeApiClient(CoreV1Api);
  const inPhase = (phase: 'Pending' | 'Failed') => core.listPodForAllNamespaces({ fieldSelector: `status.phase=${phase}` });
  return async () => {
    const [pending, failed] = await Promise.all([inPhase('Pending'), inPhase('Failed')]);
    return [...pending.items.filter(findsNoRoom), ...failed.items.filter(hasLostItsPlace)].map(displacedPod);
  };
}

/** No node takes it, and for at least one of them that is for want of room, or since it was closed. */
export function findsNoRoom({ status }: V1Pod): boolean {
  const refused = (status?.conditions ?? []).find(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable');
  if (!refused) return false;
  const [said = ''] = (refused.message ?? '').split('preemption:');
  const reasons = said
    .replace(/^\d+\/\d+ nodes are available:/, '')
    .split(/,\s+(?=\d+ )/)
    .map((reason) => reason.trim());
  return reasons.some((reason) => !NOT_FOR_ROOM.test(reason));
}

function hasLostItsPlace({ status }: V1Pod): boolean {
  const had = (status?.conditions ?? []).some(({ type, reason }) => type === 'DisruptionTarget' && HAD_TO_MAKE_ROOM.includes(reason));
  return had || status?.reason === 'Evicted';
}

function displacedPod({ metadata, spec }: V1Pod): DisplacedPod {
  return { pod: `${metadata?.namespace}/${metadata?.name}`, node: spec?.nodeName ?? null };
}
