import type { Change } from '../../../incident/change.ts';
import type { NamespaceState, ObjectState, ReplicasState } from '../../../incident/surroundings.ts';
import { isPipelineKind, isWorkloadKind, type Target, WORKLOAD_KINDS } from '../../../incident/target.ts';
import type { WorkloadName } from '../read-workload.ts';
import { namespaceState } from './namespace-state.ts';
import type { Workload } from './namespace-workloads.ts';
import { objectState } from './object-state.ts';
import { replicasState } from './replicas-state.ts';
import type { Source } from './source.ts';

export async function seeObject(target: Target, source: Source): Promise<ObjectState> {
  // First, so that where it cannot be read itself, that is the reason which is told.
  const object = await source.target();
  const [owners, deployments, services] = await Promise.all([
    source.owners(),
    ownedByTarget(source, 'Deployment'),
    ownedByTarget(source, 'InferenceService'),
  ]);
  return objectState(target, object, owners, [...deployments, ...services]);
}

export async function seeNamespace(source: Source): Promise<NamespaceState> {
  const [namespace, ...workloads] = await Promise.all([
    source.namespace(),
    ...WORKLOAD_KINDS.map((kind) => source.workloads(kind)),
    source.workloads('InferenceService'),
  ]);
  return namespaceState(namespace, workloads.flat());
}

export async function seeReplicas(target: Target, change: Change, source: Source): Promise<ReplicasState> {
  const [workloads, nodes, pods, quotas] = await Promise.all([
    workloadsOf(target, source).then((named) => Promise.all(named.map(source.workload))),
    source.nodes(),
    change.kind === 'pod' || change.kind === 'node' || change.kind === 'replicas' ? source.pods() : [],
    change.kind === 'replicas' ? source.quotas() : [],
  ]);
  return replicasState(change, workloads, nodes, pods, quotas);
}

/** The workloads whose pods are the target's: itself, or the predictors that KServe made. Runs have none. */
async function workloadsOf({ kind, name }: Target, source: Source): Promise<readonly Pick<WorkloadName, 'kind' | 'name'>[]> {
  if (isWorkloadKind(kind)) return [{ kind, name }];
  if (isPipelineKind(kind)) return [];
  const deployments = await ownedByTarget(source, 'Deployment');
  return deployments.filter((one) => one.name.startsWith(`${name}-predictor`)).map((one) => ({ kind: 'Deployment', name: one.name }));
}

async function ownedByTarget(source: Source, kind: Workload['kind']): Promise<readonly Workload[]> {
  const [{ metadata }, workloads] = await Promise.all([source.target(), source.workloads(kind)]);
  return workloads.filter(({ owners }) => owners.includes(metadata.uid));
}
