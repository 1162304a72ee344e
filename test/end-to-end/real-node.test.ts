import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CustomObjectsApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { Target, TargetKind } from '../../incident/target.ts';
import { REAL_NODE_PARTS } from '../../sandbox/parts/part.ts';
import { BROKEN_WORKLOAD_IMAGE, WORKLOAD_IMAGE } from '../../sandbox/real-node/images.ts';
import { realInferenceService } from '../../sandbox/real-node/served-models.ts';
import { realDeployment } from '../../sandbox/real-node/workloads.ts';
import { registerBrokenVersion, registerGoodVersion } from '../../sandbox/seed-models.ts';
import { release } from '../release.ts';
import { describeWithRealNode } from '../sandbox/real-node-here.ts';
import { until } from '../until.ts';
import { NAMESPACE, outcomeOf, type Stage, setTheStage, writesTo } from './stage.ts';

describeWithRealNode('with real containers', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await setTheStage({ include: REAL_NODE_PARTS });
  }, 3_600_000);

  afterAll(() => stage?.leave(), 60_000);

  const targetOf = (name: string, kind: TargetKind = 'Deployment'): Target => ({ cluster: 'local', namespace: NAMESPACE, kind, name });
  const deployment = (name: string) => stage.apps.readNamespacedDeployment({ namespace: NAMESPACE, name });
  const areReady = (name: string, replicas: number) => async () => (await deployment(name)).status?.readyReplicas === replicas;

  it('a release that exits on start is undone', async () => {
    const target = targetOf('ranker');
    const body = realDeployment({ name: 'ranker', behaviour: { kind: 'ok' }, replicas: 2 });
    await stage.apps.createNamespacedDeployment({ namespace: NAMESPACE, body });
    await until('ranker runs', areReady('ranker', 2));
    await release(stage.apps, NAMESPACE, 'ranker', BROKEN_WORKLOAD_IMAGE);
    const outcome = await outcomeOf(stage, 'podCrash', target);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'bad-release' } });
    expect((await deployment('ranker')).spec?.template.spec?.containers[0]?.image).toBe(WORKLOAD_IMAGE);
    expect(writesTo(stage, target)).toBe(1);
  }, 180_000);

  it('a container that the kernel killed at its memory limit is given more', async () => {
    const target = targetOf('trainer');
    const body = realDeployment({ name: 'trainer', behaviour: { kind: 'eat', mebibytes: 100 }, memoryLimit: '64Mi' });
    await stage.apps.createNamespacedDeployment({ namespace: NAMESPACE, body });
    expect(await outcomeOf(stage, 'outOfMemory', target)).toMatchObject({
      kind: 'recovered',
      diagnosis: { cause: 'memory-limit-too-low' },
    });
    expect((await deployment('trainer')).spec?.template.spec?.containers[0]?.resources?.limits?.memory).toBe('128Mi');
    expect(await areReady('trainer', 1)()).toBe(true);
  }, 180_000);

  it('a model server that cannot load its new version is rolled back', async () => {
    const target = targetOf('churn', 'InferenceService');
    const { mlflowUrl } = stage.sandbox.addresses;
    const objects = stage.admin.makeApiClient(CustomObjectsApi);
    const where = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices', namespace: NAMESPACE };
    const good = await registerGoodVersion(mlflowUrl, 'churn');
    await objects.createNamespacedCustomObject({ ...where, body: realInferenceService('churn', 'churn', good.storageUri) });
    await until('KServe made a Deployment', () =>
      deployment('churn-predictor').then(
        () => true,
        () => false,
      ),
    );
    await until('the model serves', areReady('churn-predictor', 2));
    const bad = await registerBrokenVersion(mlflowUrl, 'churn');
    const body = { spec: { predictor: { model: { storageUri: bad.storageUri } } } };
    await objects.patchNamespacedCustomObject(
      { ...where, name: 'churn', body },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    expect(await outcomeOf(stage, 'modelServingFailure', target)).toMatchObject({
      kind: 'recovered',
      diagnosis: { cause: 'bad-model-version' },
    });
    expect((await objects.getNamespacedCustomObject({ ...where, name: 'churn' })) as object).toMatchObject({
      spec: { predictor: { model: { storageUri: good.storageUri } } },
    });
    expect(await areReady('churn-predictor', 2)()).toBe(true);
  }, 180_000);
});
