import { AppsV1Api, CoreV1Api, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import type { OwnChange } from '../../incident/change.ts';
import type { Release } from '../../incident/evidence.ts';
import { type ContainerMemory, memoryMi } from '../../incident/memory.ts';
import type { Target } from '../../incident/target.ts';
import { TargetChanged, type TargetClient } from '../cluster.ts';
import { asClusterFailure } from './api-failures.ts';
import { guardedPatch, type PatchOperation, type RawObject } from './guarded-patch.ts';
import type { NodeZones } from './node-zones.ts';
import { readWorkload } from './read-workload.ts';
import { workloadEvidence } from './workload-seen.ts';

/** Where Deployments live in the API. */
export const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const REPLICA_SETS = { group: 'apps', version: 'v1', plural: 'replicasets' };

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly resources?: Resources }[] };
}

interface Resources {
  readonly limits?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
}

/** Sees and changes Deployments through the API server of the given configuration. */
export function deploymentClient(config: KubeConfig, zones: NodeZones): TargetClient {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);

  /** A release's template without the label that the Deployment controller adds. */
  async function templateOf(namespace: string, release: Release): Promise<PodTemplate> {
    const text = `ReplicaSet ${namespace}/${release.replicaSet}`;
    const where = { ...REPLICA_SETS, namespace, name: release.replicaSet };
    const set = (await asClusterFailure(text, () => objects.getNamespacedCustomObject(where))) as RawObject;
    if (set.metadata.uid !== release.uid) throw new TargetChanged(`${text} is no longer the one that was seen.`);
    const template = set.spec.template as PodTemplate;
    const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {};
    return { ...template, metadata: { ...template.metadata, labels } };
  }

  async function swapTemplate(target: Target, from: Release, to: Release): Promise<readonly PatchOperation[]> {
    const { replicaSets } = await readWorkload(apps, core, target.namespace, target.name);
    if (replicaSets[0]?.metadata?.uid !== from.uid)
      throw new TargetChanged(`Deployment ${target.namespace}/${target.name} has a newer release than ${from.replicaSet}.`);
    return [{ op: 'replace', path: '/spec/template', value: await templateOf(target.namespace, to) }];
  }

  return {
    async observe({ namespace, name }) {
      const [workload, known] = await Promise.all([readWorkload(apps, core, namespace, name), zones()]);
      return workloadEvidence(workload, known);
    },

    apply(target, change, bound, options) {
      return guardedPatch(objects, DEPLOYMENTS, target, bound, options, (object) => operationsFor(target, change, object));
    },
  };

  function operationsFor(target: Target, change: OwnChange, object: RawObject) {
    switch (change.kind) {
      case 'podTemplate':
        return swapTemplate(target, change.from, change.to);
      case 'memory':
        return setMemory(object, change.container, change.from, change.to);
      case 'modelVersion':
        throw new Error(`A Deployment serves no model version; ${target.name} cannot be changed to one.`);
      default:
        return change satisfies never;
    }
  }
}

function setMemory(object: RawObject, container: string, from: ContainerMemory, to: ContainerMemory): readonly PatchOperation[] {
  const { containers } = (object.spec.template as PodTemplate).spec;
  const index = containers.findIndex(({ name }) => name === container);
  const path = `/spec/template/spec/containers/${index}/resources`;
  const at = (kind: 'limits' | 'requests', before: string | null, after: string | null): PatchOperation[] => {
    if (before === after) return [];
    if (before === null || after === null) throw new Error('Memory can be raised or lowered, but not given or taken away.');
    return [
      { op: 'test', path: `${path}/${kind}/memory`, value: asWritten(containers[index]?.resources?.[kind]?.memory, before) },
      { op: 'replace', path: `${path}/${kind}/memory`, value: after },
    ];
  };
  if (index < 0) throw new TargetChanged(`There is no container ${container} any more.`);
  return [...at('limits', from.limit, to.limit), ...at('requests', from.request, to.request)];
}

/** The API server writes a quantity in its own way, `4096Mi` as `4Gi`: the same amount is the same limit. */
function asWritten(found: string | undefined, meant: string): string {
  const amount = memoryMi(found);
  return found !== undefined && amount !== null && amount === memoryMi(meant) ? found : meant;
}
