import {
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type V1Namespace,
  type V1Node,
  type V1Pod,
  type V1ResourceQuota,
} from '@kubernetes/client-node';
import type { Target } from '../../../incident/target.ts';
import { asClusterFailure } from '../api-failures.ts';
import { abortedBy, type Deadline } from '../deadline.ts';
import { generationOf } from '../generation.ts';
import type { RawObject } from '../guarded-patch.ts';
import { type Owner, ownerReader } from '../owners.ts';
import type { WorkloadRead } from '../read-workload.ts';
import { runningReader } from '../running-workload.ts';
import { resourceTypeOf } from '../target-types.ts';
import { listWorkloads, WANT_PODS, type Workload } from './namespace-workloads.ts';
import { TargetObject } from './object-state.ts';

/** What has ended takes no room on its node any more. */
const NOT_ENDED = 'status.phase!=Succeeded,status.phase!=Failed';

/** What the API server tells around one target. What several pieces need is asked for once. All of it may throw. */
export interface Source {
  /** @throws TargetGone when it does not exist. */
  target(): Promise<TargetObject>;
  owners(): Promise<readonly Owner[]>;
  namespace(): Promise<V1Namespace>;
  /** All of a kind in the target's namespace. */
  workloads(kind: Workload['kind']): Promise<readonly Workload[]>;
  nodes(): Promise<readonly V1Node[]>;
  /** All of the cluster that have not ended. */
  pods(): Promise<readonly V1Pod[]>;
  /** The quotas of the target's namespace. */
  quotas(): Promise<readonly V1ResourceQuota[]>;
  /** The workloads whose pods are the target's: itself, or those that its controller made. Runs have none. */
  running(): Promise<readonly WorkloadRead[]>;
}

/** A way to ask the cluster of the configuration about a target, until the deadline. */
export function sourceOf(config: KubeConfig): (target: Target, deadline: Deadline) => Source {
  const runningOf = runningReader(config);
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);
  const ownersOf = ownerReader(config);

  return ({ namespace, kind, name }, deadline) => {
    const end = abortedBy(deadline);
    const list = (of: Workload['kind']) => once(() => listWorkloads(objects, namespace, of, deadline));
    const lists = new Map(WANT_PODS.map((of) => [of, list(of)]));
    const target = once(async () => {
      const type = resourceTypeOf(kind);
      const read = () => objects.getNamespacedCustomObject({ ...type, namespace, name }, end) as Promise<RawObject>;
      const object = await asClusterFailure(`${kind} ${namespace}/${name}`, read);
      return TargetObject.parse({ ...object, metadata: { ...object.metadata, generation: generationOf(type, object) } });
    });
    return {
      target,
      owners: async () => ownersOf(namespace, { ...(await target()).metadata, kind }, end),
      namespace: () => asClusterFailure(`namespace ${namespace}`, () => core.readNamespace({ name: namespace }, end)),
      workloads: (of) => lists.get(of)!(),
      nodes: once(async () => (await asClusterFailure('the nodes', () => core.listNode({}, end))).items),
      pods: async () =>
        (await asClusterFailure('the pods of the cluster', () => core.listPodForAllNamespaces({ fieldSelector: NOT_ENDED }, end))).items,
      quotas: async () =>
        (await asClusterFailure(`the quotas of namespace ${namespace}`, () => core.listNamespacedResourceQuota({ namespace }, end))).items,
      running: () => runningOf({ namespace, kind, name }, end),
    };
  };
}

function once<T>(call: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= call();
    return asked;
  };
}
