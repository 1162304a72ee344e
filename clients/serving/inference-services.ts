import { AppsV1Api, CoreV1Api, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import type { ModelLoading, ModelServerEvidence } from '../../incident/evidence.ts';
import { redact } from '../../incident/redact.ts';
import type { Target } from '../../incident/target.ts';
import type { TargetClient } from '../cluster.ts';
import { TargetGone } from '../failures.ts';
import { asClusterFailure } from '../kubernetes/api-failures.ts';
import { guardedPatch } from '../kubernetes/guarded-patch.ts';
import type { NodeZones } from '../kubernetes/node-zones.ts';
import { readWorkload, type WorkloadRead } from '../kubernetes/read-workload.ts';
import { workloadEvidence } from '../kubernetes/workload-seen.ts';
import { INFERENCE_SERVICES, SOURCE_URI } from './inference-service-type.ts';
import type { ServedModelReader } from './served-model.ts';

const FAILURE_CHARACTERS_MAX = 300;

/** The fields used of an InferenceService; KServe's versions add and drop others. */
const InferenceService = z.object({
  metadata: z.object({ uid: z.string(), generation: z.number(), annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({ predictor: z.object({ model: z.object({ storageUri: z.string().optional() }).optional() }) }),
  status: z
    .object({
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      modelStatus: z
        .object({
          transitionStatus: z.string().default(''),
          states: z.object({ targetModelState: z.string().optional() }).optional(),
          lastFailureInfo: z.object({ reason: z.string().optional(), message: z.string().optional() }).optional(),
        })
        .optional(),
    })
    .default({ conditions: [] }),
});
type InferenceService = z.infer<typeof InferenceService>;

/** Sees and changes KServe's InferenceServices. */
export function inferenceServiceClient(config: KubeConfig, servedModel: ServedModelReader, zones: NodeZones): TargetClient {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);

  async function read({ namespace, name }: Target): Promise<InferenceService> {
    const where = { ...INFERENCE_SERVICES, namespace, name };
    const object = await asClusterFailure(`InferenceService ${namespace}/${name}`, () => objects.getNamespacedCustomObject(where));
    return InferenceService.parse(object);
  }

  async function readPredictor({ namespace, name }: Target): Promise<WorkloadRead | null> {
    try {
      return await readWorkload(apps, core, { kind: 'Deployment', namespace, name: `${name}-predictor` });
    } catch (error) {
      if (error instanceof TargetGone) return null;
      throw error;
    }
  }

  return {
    async observe(target) {
      const service = await read(target);
      const [predictor, known] = await Promise.all([readPredictor(target), zones()]);
      const { namespace, name } = target;
      const { annotations } = service.metadata;
      const server = { text: `InferenceService ${namespace}/${name}`, name: `${namespace}/${name}`, annotations };
      const wanted = service.spec.predictor.model?.storageUri ?? null;
      const served = await servedModel(server, { addressing: '{uri}', wanted, settings: {}, serving: servingUrisOf(predictor) });
      return { ...evidenceOf(service), served, workload: predictor && workloadEvidence(predictor, known) };
    },

    apply(target, change, bound, options) {
      if (change.kind !== 'modelVersion') throw new Error(`An InferenceService cannot be changed by a change of ${change.kind}.`);
      const path = '/spec/predictor/model/storageUri';
      return guardedPatch(objects, INFERENCE_SERVICES, target, bound, options, () => [
        { op: 'test', path, value: change.from.address },
        { op: 'replace', path, value: change.to.address },
      ]);
    },
  };
}

/** All but what its pods and its model tell. */
function evidenceOf({ metadata, status }: InferenceService): Omit<ModelServerEvidence, 'workload' | 'served'> {
  return {
    kind: 'InferenceService',
    uid: metadata.uid,
    generation: metadata.generation,
    ready: status.conditions.some((one) => one.type === 'Ready' && one.status === 'True'),
    loading: loadingOf(status.modelStatus),
    traffic: null,
  };
}

/** What is served is read from the pods that are ready, never from what was asked for. */
function servingUrisOf(predictor: WorkloadRead | null): string[] {
  const ready = (predictor?.pods ?? []).filter(
    (pod) => !pod.metadata?.deletionTimestamp && pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  );
  return [...new Set(ready.flatMap((pod) => pod.metadata?.annotations?.[SOURCE_URI] ?? []))];
}

function loadingOf(status: InferenceService['status']['modelStatus']): ModelLoading | null {
  if (!status?.transitionStatus) return null;
  const { reason, message } = status.lastFailureInfo ?? {};
  const failure = [reason, message].filter(Boolean).join(': ');
  return {
    transition: status.transitionStatus,
    wanted: status.states?.targetModelState || null,
    failure: failure ? redact(failure, FAILURE_CHARACTERS_MAX) : null,
  };
}
