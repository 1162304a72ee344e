import { AppsV1Api, CoreV1Api, CustomObjectsApi, type KubeConfig, type V1PodTemplateSpec } from '@kubernetes/client-node';
import type { Change, OwnChange } from '../../incident/change.ts';
import type { Release } from '../../incident/evidence.ts';
import { type ContainerMemory, memoryMi } from '../../incident/memory.ts';
import { leavesFailing } from '../../incident/rollout.ts';
import type { Target, WorkloadKind } from '../../incident/target.ts';
import type { TargetClient } from '../cluster.ts';
import { TargetChanged } from '../failures.ts';
import type { ServedModelReader } from '../serving/served-model.ts';
import { modelOfTemplate, type TemplateServer, templateOperations } from '../serving/workload-model.ts';
import { asClusterFailure } from './api-failures.ts';
import { askToEvictFailing, evictFailing } from './evict-failing.ts';
import { guardedPatch, type PatchOperation, type RawObject } from './guarded-patch.ts';
import type { NodeZones } from './node-zones.ts';
import { readWorkload, TEMPLATE_HASH, type WorkloadRead } from './read-workload.ts';
import { rolloutOf } from './rollouts.ts';
import { lastRelease, workloadEvidence } from './workload-seen.ts';
import { REPLICA_SETS, WORKLOAD_TYPES } from './workload-types.ts';

const CONTROLLER_REVISIONS = { group: 'apps', version: 'v1', plural: 'controllerrevisions' };

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly resources?: Resources }[] };
}

interface Resources {
  readonly limits?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
}

/** Sees and changes workloads of a kind through the API server of the given configuration. */
export function workloadClient(config: KubeConfig, kind: WorkloadKind, servedModel: ServedModelReader, zones: NodeZones): TargetClient {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);

  const read = ({ namespace, name }: Target) => readWorkload(apps, core, { kind, namespace, name });

  /** A release's template as whoever deploys it wrote it, with no field dropped. */
  async function templateOf({ namespace }: Target, { releases }: WorkloadRead, release: Release): Promise<PodTemplate> {
    const text = `revision ${release.revision} of ${kind} ${namespace}/${release.name}`;
    const name = releases.find(({ metadata }) => metadata?.uid === release.uid)?.metadata?.name;
    if (name === undefined) throw new TargetChanged(`There is no ${text} any more.`);
    const where = { ...(kind === 'Deployment' ? REPLICA_SETS : CONTROLLER_REVISIONS), namespace, name };
    const held = (await asClusterFailure(text, () => objects.getNamespacedCustomObject(where))) as RawObject & Held;
    if (held.metadata.uid !== release.uid) throw new TargetChanged(`It is no longer the ${text} that was seen.`);
    return asWritten((held.data ?? held).spec.template as PodTemplate);
  }

  async function swapTemplate(target: Target, from: Release, to: Release): Promise<readonly PatchOperation[]> {
    const workload = await read(target);
    if (workload.releases[0]?.metadata?.uid !== from.uid)
      throw new TargetChanged(`${kind} ${target.namespace}/${target.name} has a newer release than revision ${from.revision}.`);
    return [{ op: 'replace', path: '/spec/template', value: await templateOf(target, workload, to) }];
  }

  return {
    async observe(target) {
      const [workload, known] = await Promise.all([read(target), zones()]);
      return { ...workloadEvidence(workload, known), served: await modelOfTemplate(templateServer(target, workload), servedModel) };
    },

    /** One sequence under one key, which goes on where it was broken off: the change, and then the evictions that it needs. */
    async apply(target, change, bound, options) {
      const evicts = change.kind === 'modelVersion' ? leavesFailing(rolloutOf(await read(target))) : change.evictsFailing === true;
      const done = await guardedPatch(objects, WORKLOAD_TYPES[kind], target, bound, options, async (object) => {
        const operations = await operationsFor(target, change, object);
        // Before anything is written, all of it is known to be allowed.
        if (evicts) await askToEvictFailing(core, await read(target));
        return operations;
      });
      if (!evicts || options.dryRun) return done;
      const evicted = await evictFailing(apps, core, { kind, namespace: target.namespace, name: target.name });
      return evicted > 0 ? 'applied' : done;
    },
  };

  function operationsFor(target: Target, change: OwnChange, object: RawObject) {
    switch (change.kind) {
      case 'podTemplate':
        return swapTemplate(target, change.from, change.to);
      case 'memory':
        return setMemory(object, change);
      case 'modelVersion':
        return setModel(target, object, change);
      default:
        return change satisfies never;
    }
  }
}

/** Such as `Deployment ml/churn`. */
function textOf({ namespace, kind, name }: Target): string {
  return `${kind} ${namespace}/${name}`;
}

function templateServer(target: Target, { object, releases, pods }: WorkloadRead): TemplateServer {
  const { metadata, spec } = object;
  const templateBefore = lastRelease(releases, metadata?.uid ?? '').previous?.template;
  const { namespace, name } = target;
  const named = { text: textOf(target), name: `${namespace}/${name}`, annotations: metadata?.annotations ?? {} };
  return { ...named, template: spec?.template, templateBefore, pods };
}

function setModel(target: Target, { metadata, spec }: RawObject, change: Extract<OwnChange, { readonly kind: 'modelVersion' }>) {
  const server = { text: textOf(target), annotations: metadata.annotations ?? {}, template: spec.template as V1PodTemplateSpec };
  return templateOperations(server, change, '/spec/template');
}

/** As a ControllerRevision keeps a template: as a patch, which says how it is merged. */
interface Held {
  readonly data?: { readonly spec: RawObject['spec'] };
}

/** Without the label that a Deployment's controller adds, and the word of a ControllerRevision that the template is replaced as a whole. */
function asWritten({ $patch: _how, ...template }: PodTemplate & { readonly $patch?: string }): PodTemplate {
  const { [TEMPLATE_HASH]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

function setMemory(object: RawObject, { container, from, to }: Extract<Change, { readonly kind: 'memory' }>): readonly PatchOperation[] {
  const { containers } = (object.spec.template as PodTemplate).spec;
  const index = containers.findIndex(({ name }) => name === container);
  const path = `/spec/template/spec/containers/${index}/resources`;
  const at = (kind: 'limits' | 'requests', before: ContainerMemory['limit'], after: ContainerMemory['limit']): PatchOperation[] => {
    if (before === after) return [];
    if (before === null || after === null) throw new Error('Memory can be raised or lowered, but not given or taken away.');
    return [
      { op: 'test', path: `${path}/${kind}/memory`, value: sameAmount(containers[index]?.resources?.[kind]?.memory, before) },
      { op: 'replace', path: `${path}/${kind}/memory`, value: after },
    ];
  };
  if (index < 0) throw new TargetChanged(`There is no container ${container} any more.`);
  return [...at('limits', from.limit, to.limit), ...at('requests', from.request, to.request)];
}

/** The API server writes a quantity in its own way, `4096Mi` as `4Gi`: the same amount is the same limit. */
function sameAmount(found: string | undefined, meant: string): string {
  const amount = memoryMi(found);
  return found !== undefined && amount !== null && amount === memoryMi(meant) ? found : meant;
}
