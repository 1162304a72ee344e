import { AppsV1Api, CoreV1Api, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import type { ModelServerEvidence, ServedModel } from '../../incident/evidence.ts';
import type { Target } from '../../incident/target.ts';
import type { TargetClient } from '../cluster.ts';
import { asClusterFailure, unlessGone } from '../kubernetes/api-failures.ts';
import { guardedPatch } from '../kubernetes/guarded-patch.ts';
import type { NodeZones } from '../kubernetes/node-zones.ts';
import { readWorkload, type WorkloadRead } from '../kubernetes/read-workload.ts';
import { workloadEvidence } from '../kubernetes/workload-seen.ts';
import { addressingOf } from './addressing.ts';
import { answering, type WantedModel, wantedModel } from './inference-service-parts.ts';
import { versionOperations } from './inference-service-patch.ts';
import { InferenceService } from './inference-service-spec.ts';
import { INFERENCE_SERVICES, stoppedBy } from './inference-service-type.ts';
import { loadingOf } from './kserve-loading.ts';
import { servedBy } from './loaded-addresses.ts';
import type { ServedModelReader } from './served-model.ts';

/** Sees and changes KServe's InferenceServices, whether Knative runs their pods or plain Deployments do. */
export function inferenceServiceClient(config: KubeConfig, servedModel: ServedModelReader, zones: NodeZones): TargetClient {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);

  async function read({ namespace, name }: Target): Promise<InferenceService> {
    const where = { ...INFERENCE_SERVICES, namespace, name };
    const object = await asClusterFailure(textOf({ namespace, name }), () => objects.getNamespacedCustomObject(where));
    return InferenceService.parse(object);
  }

  const readDeployment = (namespace: string, name: string) =>
    unlessGone(() => readWorkload(apps, core, { kind: 'Deployment', namespace, name }));

  return {
    async observe(target) {
      const service = await read(target);
      const { namespace, name } = target;
      const { annotations } = service.metadata;
      const { wanted, all, traffic } = answering(service);
      const [own, known, ...answers] = await Promise.all([
        wanted === null ? null : readDeployment(namespace, wanted),
        zones(),
        ...all.map((one) => readDeployment(namespace, one)),
      ]);
      const model = wantedModel(service, textOf(target));
      const server = { text: textOf(target), name: `${namespace}/${name}`, annotations };
      const { addressing, fault } = addressingOf(server);
      const loading = typeof model === 'string' ? loadingOf(service.status.modelStatus) : model.loading;
      const served = await servedModel(server, { addressing, ...seenOf(model, fault, answers) });
      return { ...evidenceOf(service), loading, served, workload: own && workloadEvidence(own, known), traffic };
    },

    apply(target, change, bound, options) {
      if (change.kind !== 'modelVersion') throw new Error(`An InferenceService cannot be changed by a change of ${change.kind}.`);
      return guardedPatch(objects, INFERENCE_SERVICES, target, bound, options, (object) =>
        versionOperations(object, change, textOf(target)),
      );
    },
  };
}

function textOf({ namespace, name }: Pick<Target, 'namespace' | 'name'>): string {
  return `InferenceService ${namespace}/${name}`;
}

/** All but what its pods and its model tell. Its `observedGeneration` is that of what KServe makes of it, and says nothing of itself. */
function evidenceOf({
  metadata,
  status,
}: InferenceService): Pick<ModelServerEvidence, 'kind' | 'uid' | 'generation' | 'ready' | 'stoppedBy'> {
  return {
    kind: 'InferenceService',
    uid: metadata.uid,
    generation: metadata.generation,
    ...stoppedBy(metadata.annotations),
    ready: status.conditions.some((one) => one.type === 'Ready' && one.status === 'True'),
  };
}

/** What is served is read from the pods that are ready, never from what was asked for. */
function seenOf(
  model: WantedModel | string,
  fault: string | null,
  answers: readonly (WorkloadRead | null)[],
): Pick<ServedModel, 'wanted' | 'settings' | 'serving' | 'whyUnaddressed'> {
  const serving = servedBy(answers);
  if (typeof model === 'string') return { wanted: null, settings: {}, serving, whyUnaddressed: model };
  if (fault !== null) return { wanted: null, settings: model.settings, serving, whyUnaddressed: fault };
  const { address, settings } = model;
  // KServe notes a path in a storage without the slash that it may begin with.
  return { wanted: address, settings, serving: serving.map((one) => (one === address.replace(/^\//, '') ? address : one)) };
}
