import { ApiException, type CoreV1Api } from '@kubernetes/client-node';
import type { PodRef } from '../../incident/node-change.ts';
import type { ApplyOptions } from '../cluster.ts';
import { Refused } from '../failures.ts';
import { asClusterFailure, orNull, whyOf } from './api-failures.ts';

/**
 * Evicts exactly this pod, by uid, so that its PodDisruptionBudgets are asked. One already gone is the same as evicted.
 * @throws Refused when a budget does not allow it; it is never forced.
 */
export async function evictPod(
  core: CoreV1Api,
  namespace: string,
  { name, uid }: PodRef,
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

/**
 * Evicts each of these pods, as far as budgets allow it. Returns why the others stay, a sentence each.
 * @throws what is not a budget's refusal
 */
export async function evictEach(core: CoreV1Api, namespace: string, pods: readonly PodRef[]): Promise<readonly string[]> {
  const heldBack: string[] = [];
  for (const pod of pods) {
    try {
      await evictPod(core, namespace, pod, { dryRun: false });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      heldBack.push(error.message);
    }
  }
  return heldBack;
}

/**
 * Evicts several pods as one act. What comes before the write is asked of those that are still there, also where the act was broken off:
 * who made the others go is not known.
 * @throws Refused when a budget does not allow the first of them
 * @throws what is worth trying again when it holds later ones back: it may allow more once those that left are ready
 */
export async function evictPods(
  core: CoreV1Api,
  namespace: string,
  pods: readonly PodRef[],
  options: Pick<ApplyOptions, 'dryRun' | 'beforeWrite'>,
): Promise<'applied' | 'alreadyApplied'> {
  const [first, ...others] = await stillThere(core, namespace, pods);
  if (!first) return 'alreadyApplied';
  const done = await evictPod(core, namespace, first, options);
  if (options.dryRun || others.length === 0) return done;
  const heldBack = await evictEach(core, namespace, others);
  if (heldBack.length > 0) throw new Error(`${first.name} is evicted, and not all others could be: ${heldBack.join(' ')}`);
  return done;
}

/** Those of the pods that are not gone, nor on their way. */
export async function stillThere(core: CoreV1Api, namespace: string, pods: readonly PodRef[]): Promise<readonly PodRef[]> {
  const gone = await Promise.all(pods.map(({ name, uid }) => isGone(core, namespace, name, uid)));
  return pods.filter((_, index) => !gone[index]);
}

/** True when this very pod is gone or on its way. */
async function isGone(core: CoreV1Api, namespace: string, name: string, uid: string): Promise<boolean> {
  const pod = await asClusterFailure(`Pod ${namespace}/${name}`, () => orNull(() => core.readNamespacedPod({ namespace, name })));
  return pod?.metadata?.uid !== uid || pod.metadata.deletionTimestamp !== undefined;
}
