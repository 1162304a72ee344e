import type { Change } from '../../../incident/change.ts';
import type { NamespaceState, ObjectState, ReplicasState } from '../../../incident/surroundings.ts';
import type { Target } from '../../../incident/target.ts';
import { namespaceState } from './namespace-state.ts';
import { WANT_PODS, type Workload } from './namespace-workloads.ts';
import { objectState } from './object-state.ts';
import { replicasState } from './replicas-state.ts';
import type { Source } from './source.ts';

/** What the kinds that are healed may own, and which is healed itself. */
const OWNED = ['Deployment', 'InferenceService'] as const;

export async function seeObject(target: Target, source: Source): Promise<ObjectState> {
  // First, so that where it cannot be read itself, that is the reason which is told.
  const object = await source.target();
  const [owners, ...owned] = await Promise.all([source.owners(), ...OWNED.map((kind) => ownedByTarget(source, kind))] as const);
  return objectState(target, object, owners, owned.flat());
}

export async function seeNamespace(source: Source): Promise<NamespaceState> {
  const [namespace, ...workloads] = await Promise.all([source.namespace(), ...WANT_PODS.map((kind) => source.workloads(kind))] as const);
  return namespaceState(namespace, workloads.flat());
}

export async function seeReplicas(change: Change, source: Source): Promise<ReplicasState> {
  const [workloads, nodes, pods, quotas] = await Promise.all([
    source.running(),
    source.nodes(),
    change.kind === 'pod' || change.kind === 'node' || change.kind === 'replicas' ? source.pods() : [],
    change.kind === 'replicas' ? source.quotas() : [],
  ]);
  return replicasState(change, workloads, nodes, pods, quotas);
}

async function ownedByTarget(source: Source, kind: Workload['kind']): Promise<readonly Workload[]> {
  const [{ metadata }, workloads] = await Promise.all([source.target(), source.workloads(kind)]);
  return workloads.filter(({ owners }) => owners.includes(metadata.uid));
}
