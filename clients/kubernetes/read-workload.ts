import type { AppsV1Api, ConfigurationOptions, CoreV1Api, V1Deployment } from '@kubernetes/client-node';
import { asClusterFailure } from './api-failures.ts';
import { revisionOf, type WorkloadRead } from './workload-seen.ts';

/**
 * Reads a Deployment with what it owns.
 * @throws TargetGone when it does not exist.
 */
export async function readWorkload(
  apps: AppsV1Api,
  core: CoreV1Api,
  namespace: string,
  name: string,
  options?: ConfigurationOptions,
): Promise<WorkloadRead> {
  const deployment = await asClusterFailure(`Deployment ${namespace}/${name}`, () =>
    apps.readNamespacedDeployment({ namespace, name }, options),
  );
  const labelSelector = selectorOf(deployment);
  const [sets, pods] = await Promise.all([
    apps.listNamespacedReplicaSet({ namespace, labelSelector }, options),
    core.listNamespacedPod({ namespace, labelSelector }, options),
  ]);
  const owned = sets.items.filter((set) => set.metadata?.ownerReferences?.some((owner) => owner.uid === deployment.metadata?.uid));
  const uids = new Set(owned.map((set) => set.metadata?.uid));
  return {
    deployment,
    replicaSets: owned.sort((a, b) => revisionOf(b) - revisionOf(a)),
    pods: pods.items.filter((pod) => pod.metadata?.ownerReferences?.some((owner) => uids.has(owner.uid))),
  };
}

/** @throws when the Deployment selects by expressions alone: an empty selection must never mean "all". */
function selectorOf(deployment: V1Deployment): string {
  const labels = Object.entries(deployment.spec?.selector.matchLabels ?? {});
  if (labels.length === 0) throw new Error(`Cannot list pods of ${deployment.metadata?.name}: its selector has no matchLabels.`);
  return labels.map(([label, value]) => `${label}=${value}`).join(',');
}
