import { isDeepStrictEqual } from 'node:util';
import type { CustomObjectsApi } from '@kubernetes/client-node';
import type { Change } from '../../incident/change.ts';
import type { PolicySpec, SavedPolicy } from '../../incident/network-policy.ts';
import type { Target } from '../../incident/target.ts';
import type { ApplyOptions, Bound } from '../cluster.ts';
import { TargetChanged } from '../failures.ts';
import { asClusterFailure, orNull } from './api-failures.ts';
import { NETWORK_POLICIES } from './context/policies.ts';
import { FIELD_MANAGER, guardedPatch, type RawObject, type ResourceType } from './guarded-patch.ts';

type PolicyChange = Extract<Change, { readonly kind: 'networkPolicy' }>;

/**
 * Deletes exactly the NetworkPolicy that was seen, or makes it again as it was. What is deleted can hold no key, so that the key is written
 * on the target first: a policy that is gone without it was somebody else's doing.
 * @throws TargetChanged when the policy, or the target, is not as it was seen.
 */
export async function changeNetworkPolicy(
  objects: CustomObjectsApi,
  type: ResourceType,
  target: Target,
  { name, from, to }: PolicyChange,
  bound: Bound,
  options: ApplyOptions,
): Promise<'applied' | 'alreadyApplied'> {
  const { namespace } = target;
  const text = `NetworkPolicy ${namespace}/${name}`;
  const where = { ...NETWORK_POLICIES, namespace, name };
  const dryRun = options.dryRun ? { dryRun: 'All' } : {};
  const read = () => asClusterFailure(text, () => orNull(() => objects.getNamespacedCustomObject(where))) as Promise<RawObject | null>;

  async function throwUnlessAsBefore(): Promise<void> {
    const now = await read();
    if (from === null && now !== null) throw new TargetChanged(`There is a ${text} again, which somebody else made.`);
    if (from !== null && !isVery(now, from)) throw new TargetChanged(`${text} is not as it was seen, or gone.`);
  }

  const marked = await guardedPatch(objects, type, target, bound, options, async () => {
    await throwUnlessAsBefore();
    return [];
  });
  if (marked === 'alreadyApplied') {
    const now = await read();
    if (isAfter(now, to)) return 'alreadyApplied';
    await throwUnlessAsBefore();
    await options.beforeWrite?.();
  }
  await asClusterFailure(text, async () => {
    if (to !== null) return make(to);
    const preconditions = { uid: from?.uid ?? '', resourceVersion: from?.resourceVersion ?? '' };
    // Where a deletion has a body, the API server looks at no parameter of the address.
    return objects.deleteNamespacedCustomObject({ ...where, body: { preconditions, ...(options.dryRun ? { dryRun: ['All'] } : {}) } });
  });
  return 'applied';

  function make({ labels, annotations, spec }: SavedPolicy) {
    const { group, version } = NETWORK_POLICIES;
    const body = { apiVersion: `${group}/${version}`, kind: 'NetworkPolicy', metadata: { name, namespace, labels, annotations }, spec };
    return objects.createNamespacedCustomObject({ ...NETWORK_POLICIES, namespace, body, fieldManager: FIELD_MANAGER, ...dryRun });
  }
}

function isVery(now: RawObject | null, { uid, resourceVersion }: SavedPolicy): boolean {
  return now?.metadata.uid === uid && now.metadata.resourceVersion === resourceVersion;
}

function isAfter(now: RawObject | null, to: SavedPolicy | null): boolean {
  return to === null ? now === null : now !== null && isDeepStrictEqual(now.spec as unknown as PolicySpec, to.spec);
}
