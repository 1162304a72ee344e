import type { KubeConfig, KubernetesObject } from '@kubernetes/client-node';
import type { Target, TargetKind } from '../incident/target.ts';
import { type RegisteredVersion, registerBrokenVersion, registerGoodVersion } from '../sandbox/seed-models.ts';
import { type Breakage, NAMESPACE } from './breakage.ts';
import { objectsIn } from './objects.ts';
import type { DemoWorkloads } from './workloads.ts';

const MODEL = 'churn';

/** The three things the demo breaks, in the cluster and the registry named. */
export function breakages(config: KubeConfig, cluster: string, mlflowUrl: string, workloads: DemoWorkloads): readonly Breakage[] {
  const objects = objectsIn(config);
  const targetOf = (kind: TargetKind, { metadata }: KubernetesObject): Target => ({
    cluster,
    namespace: NAMESPACE,
    kind,
    name: metadata?.name ?? '',
  });
  const server = (version: RegisteredVersion) => workloads.modelServer(MODEL, MODEL, version.storageUri);
  const nameless = workloads.modelServer(MODEL, MODEL, '');

  return [
    {
      story: 'a release that crashes',
      failureType: 'podCrash',
      remedy: 'undoRelease',
      target: targetOf('Deployment', workloads.released),
      async prepare() {
        await objects.remove(workloads.released);
        await objects.create(workloads.released);
        await objects.untilReady(workloads.released);
      },
      break: () => objects.change(workloads.released, { template: { spec: withImage(workloads.released, workloads.brokenImage) } }),
    },
    {
      story: 'a container that needs more memory than its limit',
      failureType: 'outOfMemory',
      remedy: 'raiseMemory',
      target: targetOf('Deployment', workloads.hungry),
      prepare: () => objects.remove(workloads.hungry),
      break: () => objects.create(workloads.hungry),
    },
    {
      story: 'a model version that does not load',
      failureType: 'modelServingFailure',
      remedy: 'rollBackModel',
      target: targetOf('InferenceService', nameless),
      async prepare() {
        await objects.remove(nameless);
        const good = server(await registerGoodVersion(mlflowUrl, MODEL));
        await objects.create(good);
        await objects.untilReady(good);
      },
      async break() {
        const { storageUri } = await registerBrokenVersion(mlflowUrl, MODEL);
        await objects.change(nameless, { predictor: { model: { storageUri } } });
      },
    },
  ];
}

/** A merge patch replaces lists whole, so the container is repeated with all it has. */
function withImage(object: KubernetesObject, image: string): object {
  const { spec } = object as { spec?: { template?: { spec?: { containers?: object[] } } } };
  const [container] = spec?.template?.spec?.containers ?? [];
  return { containers: [{ ...container, image }] };
}
