import type { ConfigurationOptions, CustomObjectsApi, V1ObjectMeta } from '@kubernetes/client-node';
import { isDrillAnchor } from '../../../incident/drill-ids.ts';
import { type Labels, selects } from '../../../incident/label-selector.ts';
import type { PolicySeen, PolicySpec } from '../../../incident/network-policy.ts';
import { handsOff } from '../surroundings/hands-off.ts';
import { managedBy } from '../surroundings/managed-by.ts';
import { lastWritten, msOf } from './written.ts';

/** Where NetworkPolicies live in the API. */
export const NETWORK_POLICIES = { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies' };
const POLICIES_MAX = 200;
/** Policies are kept whole in the evidence. */
const CHARACTERS_MAX = 100_000;

/** As the API server keeps it, with no field dropped, so that it can be made again. */
interface RawPolicy {
  readonly metadata: V1ObjectMeta;
  readonly spec: PolicySpec;
}

/**
 * The NetworkPolicies of a namespace that select pods with these labels: all of them, since any one may let through what another does not.
 * @throws when they are more than are looked at
 */
export async function policiesAbout(
  objects: CustomObjectsApi,
  namespace: string,
  labels: Labels,
  options: ConfigurationOptions,
): Promise<readonly PolicySeen[]> {
  const list = await objects.listNamespacedCustomObject({ ...NETWORK_POLICIES, namespace, limit: POLICIES_MAX }, options);
  const { items, metadata } = list as { items: readonly RawPolicy[]; metadata?: { continue?: string } };
  if (metadata?.continue) throw new Error(`namespace ${namespace} has more than ${POLICIES_MAX} NetworkPolicies`);
  const about = items.filter(({ spec }) => selects(spec.podSelector, labels)).map(policySeen);
  if (JSON.stringify(about).length > CHARACTERS_MAX)
    throw new Error('the NetworkPolicies that select its pods are too long to be looked at');
  return about;
}

function policySeen({ metadata, spec }: RawPolicy): PolicySeen {
  const { name = '', uid = '', resourceVersion = '', labels = {}, annotations = {}, creationTimestamp } = metadata;
  return {
    name,
    createdMs: msOf(creationTimestamp),
    ...lastWritten(metadata),
    keptBy: keeperOf(metadata),
    optOut: handsOff(annotations),
    whole: { uid, resourceVersion, labels, annotations, spec },
  };
}

function keeperOf({ labels = {}, annotations = {}, ownerReferences = [], finalizers = [] }: V1ObjectMeta): string | null {
  const tool = managedBy([{ labels, annotations }]);
  if (tool !== null) return `${tool.tool}, as ${tool.name} has it`;
  // What a drill's objects go with makes none of them again.
  const owner = ownerReferences.find(({ kind, name }) => !isDrillAnchor(kind, name));
  if (owner) return `its owner ${owner.kind} ${owner.name}`;
  return finalizers.length > 0 ? `a controller (finalizer ${finalizers[0]})` : null;
}
