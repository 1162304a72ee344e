import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CustomObjectsApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { mlflowRegistry } from '../../clients/registries/mlflow.ts';
import type { Target, TargetKind } from '../../incident/target.ts';
import { registerBrokenVersion, registerGoodVersion } from '../../sandbox/seed-models.ts';
import { brokenImage, simulatedDeployment, simulatedInferenceService } from '../../sandbox/simulated-workloads.ts';
import { release } from '../release.ts';
import { until } from '../until.ts';
import { NAMESPACE, outcomeOf, type Stage, setTheStage, writesTo } from './stage.ts';

interface InferenceService {
  readonly spec: { readonly predictor: { readonly model: { readonly storageUri: string } } };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave(), 60_000);

const targetOf = (name: string, kind: TargetKind = 'Deployment'): Target => ({ cluster: 'local', namespace: NAMESPACE, kind, name });
const read = (name: string) => stage.apps.readNamespacedDeployment({ namespace: NAMESPACE, name });

describe('on the real stack, from an alert that Prometheus fires', () => {
  it('a release that crashes is undone, once', async () => {
    const target = targetOf('ranker');
    await stage.apps.createNamespacedDeployment({ namespace: NAMESPACE, body: simulatedDeployment('ranker') });
    await until('ranker runs', async () => (await read('ranker')).status?.readyReplicas === 2);
    await release(stage.apps, NAMESPACE, 'ranker', brokenImage('ranker'));
    const outcome = await outcomeOf(stage, 'podCrash', target);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'bad-release' }, reason: 'Healthy, and the alert is over.' });
    expect(outcome.actions.map(({ remedy }) => remedy)).toEqual(['undoRelease']);
    expect((await read('ranker')).spec?.template.spec?.containers[0]?.image).toBe('ranker:1');
    expect(writesTo(stage, target)).toBe(1);
    expect(stage.auditTrail(target).map(({ step }) => step)).toEqual(['Opened', 'Acting', 'Acted', 'Verified', 'Closed']);
  }, 180_000);

  it('a limit below the need is raised until it suffices', async () => {
    const target = targetOf('trainer');
    await stage.apps.createNamespacedDeployment({ namespace: NAMESPACE, body: simulatedDeployment('trainer', { needsMi: 200 }) });
    const outcome = await outcomeOf(stage, 'outOfMemory', target);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'memory-limit-too-low' } });
    expect((await read('trainer')).spec?.template.spec?.containers[0]?.resources?.limits?.memory).toBe('256Mi');
    expect(writesTo(stage, target)).toBe(1);
  }, 180_000);

  it('a model version that does not load is rolled back to the last known good one, and the registry follows', async () => {
    const target = targetOf('churn', 'InferenceService');
    const { mlflowUrl } = stage.sandbox.addresses;
    const objects = stage.admin.makeApiClient(CustomObjectsApi);
    const where = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices', namespace: NAMESPACE };
    const service = async () => (await objects.getNamespacedCustomObject({ ...where, name: 'churn' })) as InferenceService;
    const good = await registerGoodVersion(mlflowUrl, 'churn');
    await objects.createNamespacedCustomObject({ ...where, body: simulatedInferenceService('churn', 'churn', good.storageUri) });
    await until(
      'the model serves',
      async () => (await service()).status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    );

    const bad = await registerBrokenVersion(mlflowUrl, 'churn');
    const body = { spec: { predictor: { model: { storageUri: bad.storageUri } } } };
    await objects.patchNamespacedCustomObject(
      { ...where, name: 'churn', body },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );

    const outcome = await outcomeOf(stage, 'modelServingFailure', target);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'bad-model-version' } });
    expect((await service()).spec.predictor.model.storageUri).toBe(good.storageUri);
    expect(writesTo(stage, target)).toBe(1);
    const model = await mlflowRegistry({ url: mlflowUrl, credentials: null }).readModel('churn');
    expect(model?.aliases).toEqual({ production: good.version, 'last-known-good': good.version });
    expect(model?.versions.map(({ version, quarantined }) => ({ version, quarantined }))).toEqual([
      { version: bad.version, quarantined: true },
      { version: good.version, quarantined: false },
    ]);
    expect(stage.auditTrail(target).map(({ step }) => step)).toEqual([
      'Opened',
      'Acting',
      'Acted',
      'Verified',
      'Confirming',
      'Confirmed',
      'Confirmed',
      'Confirmed',
      'Closed',
    ]);
  }, 180_000);
});
