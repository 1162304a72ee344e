import { ApiException, type CoreV1Api } from '@kubernetes/client-node';
import { type ApplyOptions, Refused } from '../cluster.ts';
import { asClusterFailure, orNull, whyOf } from './api-failures.ts';

/**
 * Evicts exactly this pod, by uid, so that its PodDisruptionBudgets are asked. One already gone is the same as evicted.
 * @throws Refused when a budget does not allow it; it is never forced.
 */
export async function evictPod(
  core: CoreV1Api,
  namespace: string,
  { name, uid }: { readonly name: string; readonly uid: string },
  { dryRun, beforeWrite }: Pick<ApplyOptions, 'dryRun' | 'beforeWrite'>,
): Promise<'applied' | 'alreadyApplied'> {
  if (await isGone(core, namespace, name, uid)) return 'alreadyApplied';
  await beforeWrite?.();
  const body = { metadata: { name, namespace }, deleteOptions: { preconditions: { uid }, ...(dryRun ? { dryRun: ['All'] } : {}) } };
  try {
    await asClusterFailure(`Pod ${namespace}/${name}`, () =>
      core.createNamespacedPodEviction({ namespace, name, body, ...(dryRun ? { dryRun: 'All' } : {}) }),
    );
    return 'applied';
  } catch (error) {
    const status = (error as Error).cause instanceof ApiException ? ((error as Error).cause as ApiException<unknown>).code : null;
    // 409: a new pod carries the name, so the one that was meant is gone.
    if (status === 404 || status === 409) return 'alreadyApplied';
    if (error instanceof ApiException && error.code === 429)
      throw new Refused(`Pod ${namespace}/${name} is not evicted: ${whyOf(error)}`, { cause: error });
    throw error;
  }
}

/** True when this very pod is gone or on its way. */
export async function isGone(core: CoreV1Api, namespace: string, name: string, uid: string): Promise<boolean> {
  const pod = await asClusterFailure(`Pod ${namespace}/${name}`, () => orNull(() => core.readNamespacedPod({ namespace, name })));
  return pod?.metadata?.uid !== uid || pod.metadata.deletionTimestamp !== undefined;
}
