import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
} from '@kubernetes/client-node';
import type { OwnChange } from '../../incident/change.ts';
import type { ServedModel } from '../../incident/evidence.ts';
import type { Target } from '../../incident/target.ts';
import type { ApplyOptions, Bound, TargetClient } from '../cluster.ts';
import { Refused, TargetChanged, TryLater } from '../failures.ts';
import { asClusterFailure, orNull } from '../kubernetes/api-failures.ts';
import { FIELD_MANAGER, guardedPatch, type MakeOperations, type RawObject } from '../kubernetes/guarded-patch.ts';
import type { NodeZones } from '../kubernetes/node-zones.ts';
import { TEMPLATE_HASH } from '../kubernetes/read-workload.ts';
import { lastRelease, workloadEvidence } from '../kubernetes/workload-seen.ts';
import { REPLICA_SETS, WORKLOAD_TYPES } from '../kubernetes/workload-types.ts';
import { MODEL_AT } from './model-place.ts';
import { ROLLOUTS } from './object-types.ts';
import { type Rollout, type RolloutRead, readRollout, writtenTemplate } from './rollout-object.ts';
import type { ServedModelReader } from './served-model.ts';
import { modelOfTemplate, type TemplateServer, templateAddress, templateOperations } from './workload-model.ts';

const TEMPLATE = '/spec/template';
/** The controller takes up a new template within a second or so. */
const NOTICED_AFTER_MS = 2_000;

/** Sees and changes Rollouts of Argo: their releases, and the model that they serve where their annotations say so. */
export function rolloutClient(config: KubeConfig, servedModel: ServedModelReader, zones: NodeZones): TargetClient {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);
  const read = (target: Target) => readRollout({ apps, core, objects }, target);

  /** Older definitions of Rollouts have no status of their own. */
  async function patchStatus({ namespace, name }: Target, status: object): Promise<void> {
    const request = { ...ROLLOUTS, namespace, name, body: { status }, fieldManager: FIELD_MANAGER };
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    await asClusterFailure(textOf({ namespace, name }), async () => {
      if ((await orNull(() => objects.patchNamespacedCustomObjectStatus(request, merge))) === null)
        await objects.patchNamespacedCustomObject(request, merge);
    });
  }

  /** One that is under way would go on with what fails until its template is another one. */
  async function abort(target: Target): Promise<void> {
    const { rollout } = await read(target);
    if (isUnderWay(rollout) && !rollout.status.abort) await patchStatus(target, { abort: true });
  }

  /** A release that is gone back to is known to be good: it needs none of the steps by which a new one is tried. */
  async function promote(target: Target, change: OwnChange): Promise<void> {
    const found = await read(target);
    const { rollout, workload } = found;
    // Somebody has deployed another one since.
    if (!isBroughtBy(change, target, found)) return;
    const noticed = (workload.object.status?.observedGeneration ?? 0) >= rollout.metadata.generation;
    if (!noticed) throw new TryLater(`${textOf(target)} has its template, and its controller has not taken it up yet.`, NOTICED_AFTER_MS);
    if (isUnderWay(rollout) && !rollout.status.promoteFull) await patchStatus(target, { promoteFull: true });
  }

  async function operationsFor(target: Target, change: OwnChange, found: RolloutRead, object: RawObject) {
    if (change.kind === 'modelVersion') return templateOperations(serverOf(target, found), change, TEMPLATE);
    if (change.kind === 'memory') throw new Refused(`The memory of ${textOf(target)} is not raised; set it in its pod template.`);
    const { from, to } = change;
    const newest = found.workload.releases[0]?.metadata;
    if (newest?.uid !== from.uid) throw new TargetChanged(`${textOf(target)} has a newer release than revision ${from.revision}.`);
    const held = found.workload.releases.find(({ metadata }) => metadata?.uid === to.uid)?.metadata?.name;
    if (held === undefined) throw new TargetChanged(`There is no revision ${to.revision} of ${textOf(target)} any more.`);
    const { namespace } = target;
    const where = { ...REPLICA_SETS, namespace, name: held };
    const set = (await asClusterFailure(`ReplicaSet ${namespace}/${held}`, () => objects.getNamespacedCustomObject(where))) as RawObject;
    const value = writtenTemplate(set);
    if (JSON.stringify((object.spec as { template?: unknown }).template) === JSON.stringify(value)) return [];
    return [{ op: 'replace' as const, path: TEMPLATE, value }];
  }

  /** Where a Deployment holds its template, that is what is written, and the Rollout must be the one that was looked at. */
  async function patchTemplate(target: Target, change: OwnChange, bound: Bound, options: ApplyOptions) {
    const found = await read(target);
    const make: MakeOperations = (object) => operationsFor(target, change, found, object);
    const { reference } = found;
    if (reference === null) return guardedPatch(objects, ROLLOUTS, target, bound, options, make);
    const { uid, generation } = found.rollout.metadata;
    if (uid !== bound.uid) throw new TargetChanged(`${textOf(target)} was deleted and made anew since it was looked at.`);
    const { namespace } = target;
    const where = { namespace, kind: 'Deployment', name: reference.metadata?.name ?? '' };
    const own = { uid: reference.metadata?.uid ?? '', generation: null };
    return guardedPatch(objects, WORKLOAD_TYPES.Deployment, where, own, options, (object) => {
      if (bound.generation !== null && generation !== bound.generation)
        throw new TargetChanged(`${textOf(target)} is at generation ${generation}, but the plan was made for ${bound.generation}.`);
      return make(object);
    });
  }

  return {
    async observe(target) {
      const [found, known] = await Promise.all([read(target), zones()]);
      const { rollout, workload } = found;
      const server = serverOf(target, found);
      const declared = await modelOfTemplate(server, servedModel);
      const none: Pick<ServedModel, 'addressing' | 'wanted' | 'settings' | 'serving'> = {
        addressing: '{uri}',
        wanted: null,
        settings: {},
        serving: [],
      };
      const why = `The ${server.text} has no annotation ${MODEL_AT} that says where its pod template names a model version.`;
      return {
        kind: 'Rollout',
        uid: rollout.metadata.uid,
        generation: rollout.metadata.generation,
        ready: rollout.status.phase === 'Healthy',
        served: declared ?? (await servedModel(server, { ...none, whyUnaddressed: why })),
        loading: null,
        workload: { ...workloadEvidence(workload, known), served: declared },
        traffic: trafficOf(rollout),
      };
    },

    /** One sequence under one key, which goes on where it was broken off: end what is under way, write the template, skip its steps. */
    async apply(target, change, bound, options) {
      const takesBack = options.undoes !== undefined;
      const beforeWrite = async () => {
        await options.beforeWrite?.();
        if (!options.dryRun && !takesBack) await abort(target);
      };
      const done = await patchTemplate(target, change, bound, { ...options, beforeWrite });
      if (!options.dryRun && !takesBack) await promote(target, change);
      return done;
    },
  };
}

function textOf({ namespace, name }: Pick<Target, 'namespace' | 'name'>): string {
  return `Rollout ${namespace}/${name}`;
}

/** What is wanted is what the change has brought. */
function isBroughtBy(change: OwnChange, target: Target, found: RolloutRead): boolean {
  if (change.kind === 'modelVersion') return templateAddress(serverOf(target, found)) === change.to.address;
  const to = change.kind === 'podTemplate' ? change.to.hash : null;
  const noticed = found.workload.object.status?.observedGeneration ?? 0;
  return noticed < found.rollout.metadata.generation || found.rollout.status.currentPodHash === to;
}

/** Its newest release is not its stable one; of its first release there is no other that could be gone back to. */
function isUnderWay({ status }: Rollout): boolean {
  return status.stableRS !== '' && status.currentPodHash !== status.stableRS;
}

function serverOf(target: Target, { rollout, workload }: RolloutRead): TemplateServer {
  const { metadata, spec } = workload.object;
  const { namespace, name } = target;
  return {
    text: textOf(target),
    name: `${namespace}/${name}`,
    annotations: rollout.metadata.annotations,
    template: spec?.template as TemplateServer['template'],
    templateBefore: lastRelease(workload.releases, metadata?.uid ?? '').previous?.template,
    pods: workload.pods.filter((pod) => isAsked(pod, rollout)),
  };
}

/** Where there are two colours, requests go to one of them alone. */
function isAsked({ metadata }: V1Pod, { status }: Rollout): boolean {
  const { activeSelector } = status.blueGreen;
  return activeSelector === '' || metadata?.labels?.[TEMPLATE_HASH] === activeSelector;
}

function trafficOf({ spec, status }: Rollout): string | null {
  if (!isUnderWay({ spec, status } as Rollout)) return null;
  const steps = spec.strategy.canary?.steps.length ?? 0;
  const step = steps > 0 && typeof status.currentStepIndex === 'number' ? ` after ${status.currentStepIndex} of ${steps} steps` : '';
  const said = status.message === '' ? '' : ` (${status.message})`;
  const how = status.abort ? 'was aborted' : `is ${status.phase || 'under way'}`;
  return `the rollout of its newest release ${how}${step}${said}, and its stable release is another one`;
}
