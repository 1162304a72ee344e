import { AppsV1Api, CoreV1Api, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import type { ModelLoading, ServedModel } from '../../incident/evidence.ts';
import type { ServedVersion } from '../../incident/model.ts';
import { redact } from '../../incident/redact.ts';
import type { Target } from '../../incident/target.ts';
import type { TargetClient } from '../cluster.ts';
import { TargetChanged } from '../failures.ts';
import { asClusterFailure, unlessGone } from '../kubernetes/api-failures.ts';
import { guardedPatch, type PatchOperation, type RawObject } from '../kubernetes/guarded-patch.ts';
import type { NodeZones } from '../kubernetes/node-zones.ts';
import { readWorkload, type WorkloadRead } from '../kubernetes/read-workload.ts';
import { workloadEvidence } from '../kubernetes/workload-seen.ts';
import { addressingOf } from './addressing.ts';
import { stoppedBy } from './inference-service-type.ts';
import { servedBy } from './loaded-addresses.ts';
import { LLM_INFERENCE_SERVICES } from './object-types.ts';
import type { ServedModelReader } from './served-model.ts';

const FAILURE_CHARACTERS_MAX = 300;
/** Name of the setting that holds its adapters, which fit one model only. */
const LORA = 'lora';

/** The fields used of an LLMInferenceService; KServe's versions add and drop others. */
const LlmInferenceService = z.object({
  metadata: z.object({ uid: z.string(), generation: z.number(), annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({
    model: z.object({ uri: z.string().optional(), lora: z.unknown().optional() }).default({}),
    storageInitializer: z.object({ enabled: z.boolean().nullish() }).nullish(),
  }),
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string(), message: z.string().default('') })).default([]) })
    .default({ conditions: [] }),
});
type LlmInferenceService = z.infer<typeof LlmInferenceService>;

/** The Deployments that KServe makes of one: the one that answers, and the one that only reads prompts, where they are apart. */
export function llmDeployments(name: string): readonly [string, string] {
  return [`${name}-kserve`, `${name}-kserve-prefill`];
}

/** Sees and changes KServe's LLMInferenceServices. */
export function llmInferenceServiceClient(config: KubeConfig, servedModel: ServedModelReader, zones: NodeZones): TargetClient {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);

  return {
    async observe(target) {
      const { namespace, name } = target;
      const where = { ...LLM_INFERENCE_SERVICES, namespace, name };
      const service = LlmInferenceService.parse(await asClusterFailure(textOf(target), () => objects.getNamespacedCustomObject(where)));
      const [known, own, prefill] = await Promise.all([
        zones(),
        ...llmDeployments(name).map((one) => unlessGone(() => readWorkload(apps, core, { kind: 'Deployment', namespace, name: one }))),
      ] as const);
      const { uid, generation, annotations } = service.metadata;
      const server = { text: textOf(target), name: `${namespace}/${name}`, annotations };
      const { addressing, fault } = addressingOf(server);
      return {
        kind: 'LLMInferenceService',
        uid,
        generation,
        ...stoppedBy(annotations),
        ready: condition(service, 'Ready')?.status === 'True',
        served: await servedModel(server, { addressing, ...seenOf(service, server.text, fault, [own ?? null, prefill ?? null]) }),
        loading: loadingOf(service),
        workload: own ? workloadEvidence(own, known) : null,
        traffic: null,
      };
    },

    apply(target, change, bound, options) {
      if (change.kind !== 'modelVersion') throw new Error(`An LLMInferenceService cannot be changed by a change of ${change.kind}.`);
      return guardedPatch(objects, LLM_INFERENCE_SERVICES, target, bound, options, (object) => operations(object, change, textOf(target)));
    },
  };
}

function textOf({ namespace, name }: Pick<Target, 'namespace' | 'name'>): string {
  return `LLMInferenceService ${namespace}/${name}`;
}

function condition({ status }: LlmInferenceService, type: string) {
  return status.conditions.find((one) => one.type === type);
}

function seenOf(
  { spec }: LlmInferenceService,
  text: string,
  fault: string | null,
  workloads: readonly (WorkloadRead | null)[],
): Pick<ServedModel, 'wanted' | 'settings' | 'serving' | 'whyUnaddressed'> {
  const seen = { settings: settingsOf(spec.model), serving: servedBy(workloads) };
  const why = fault ?? whyUnaddressed(spec, text);
  return why === null ? { ...seen, wanted: spec.model.uri ?? null } : { ...seen, wanted: null, whyUnaddressed: why };
}

/** What its pods load must be seen on them. */
function whyUnaddressed({ model, storageInitializer }: LlmInferenceService['spec'], text: string): string | null {
  if (model.uri === undefined) return `The ${text} names no address of a model at spec.model.uri.`;
  if (storageInitializer?.enabled === false)
    return `The ${text} fetches its model by itself (storageInitializer is not enabled), so that which one its pods load cannot be seen.`;
  return null;
}

function settingsOf({ lora }: LlmInferenceService['spec']['model']): ServedModel['settings'] {
  return lora === undefined ? {} : { [LORA]: JSON.stringify(lora) };
}

/** The configurations it is made of beside its own spec do not fit: then no model is to blame. */
function loadingOf(service: LlmInferenceService): ModelLoading | null {
  const presets = condition(service, 'PresetsCombined');
  if (presets?.status !== 'False') return null;
  return { transition: 'InvalidSpec', wanted: null, failure: redact(presets.message, FAILURE_CHARACTERS_MAX) };
}

function operations(
  object: RawObject,
  { from, to }: { readonly from: ServedVersion; readonly to: ServedVersion },
  text: string,
): readonly PatchOperation[] {
  const { model } = LlmInferenceService.parse(object).spec;
  if (model.uri !== from.address) throw new TargetChanged(`${text} is to load ${model.uri ?? 'nothing'} now, and not ${from.address}.`);
  const address: PatchOperation[] = [
    { op: 'test', path: '/spec/model/uri', value: from.address },
    { op: 'replace', path: '/spec/model/uri', value: to.address },
  ];
  const lora = to.settings?.[LORA];
  if (to.settings === undefined || lora === settingsOf(model)[LORA]) return address;
  const path = '/spec/model/lora';
  return [...address, lora === undefined ? { op: 'remove', path } : { op: 'add', path, value: JSON.parse(lora) }];
}
