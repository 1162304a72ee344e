import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  ApiextensionsV1Api,
  AppsV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  PatchStrategy,
  PolicyV1Api,
  setHeaderOptions,
  type V1Deployment,
} from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { TargetChanged } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { healthBy } from '../../diagnosis/health-by.ts';
import { type Change, inverse } from '../../incident/change.ts';
import type { Context } from '../../incident/context.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { Reading } from '../../incident/reading.ts';
import type { Scaling } from '../../incident/scaling.ts';
import type { Target } from '../../incident/target.ts';
import { scale } from '../../remedies/scale.ts';
import { simulatedDeployment, simulatedInferenceService } from '../../sandbox/simulated-workloads.ts';
import { until } from '../until.ts';
import { openRealCluster, type RealCluster } from './real-cluster.ts';

jest.setTimeout(60_000);
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const KEDA = { group: 'keda.sh', version: 'v1alpha1', plural: 'scaledobjects' };
const SERVING = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices' };
const NOW = { dryRun: false };
const LIMITS = { scale: { factor: 1.5, ceiling: 10 }, gitOps: 'propose' as const };

let real: RealCluster;
let core: CoreV1Api;
let apps: AppsV1Api;
let autoscaling: AutoscalingV2Api;
let objects: CustomObjectsApi;
let admin: KubeConfig;
let cluster: Cluster;
let target: Target;
let numbers = 0;

beforeAll(async () => {
  real = await openRealCluster('kserve');
  admin = real.admin;
  [core, apps] = [admin.makeApiClient(CoreV1Api), admin.makeApiClient(AppsV1Api)];
  [autoscaling, objects] = [admin.makeApiClient(AutoscalingV2Api), admin.makeApiClient(CustomObjectsApi)];
  cluster = kubernetesCluster(real.ours, NO_SYSTEMS);
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

beforeEach(async () => {
  target = { cluster: 'test', namespace: `scaled-${++numbers}`, kind: 'Deployment', name: 'ranker' };
  await core.createNamespace({ body: { metadata: { name: target.namespace } } });
});

function known<T>(piece: Reading<T>): T {
  if (piece.kind === 'unreadable') throw new Error(`${piece.what}: ${piece.reason}`);
  return piece.value;
}

async function look(): Promise<{ evidence: Evidence; context: Context; scaling: Scaling }> {
  const evidence = await cluster.observe(target);
  const context = await cluster.readContext(target, evidence);
  return { evidence, context, scaling: known(context.scaling)! };
}

async function running(replicas = 2, change: (deployment: V1Deployment) => void = () => undefined): Promise<void> {
  const body = simulatedDeployment(target.name);
  body.spec!.replicas = replicas;
  change(body);
  await apps.createNamespacedDeployment({ namespace: target.namespace, body });
  await until(
    'it runs',
    async () =>
      (await apps.readNamespacedDeployment({ namespace: target.namespace, name: target.name })).status?.readyReplicas === replicas,
  );
}

/** An autoscaler that holds two pods at most and says that it wants more, as its controller would write it. */
async function autoscaled(metadata: object = {}): Promise<void> {
  const { namespace, name } = target;
  const resource = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } };
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  const body = {
    metadata: { name, ...metadata },
    spec: { minReplicas: 2, maxReplicas: 2, scaleTargetRef, metrics: [{ type: 'Resource', resource }] },
  };
  await autoscaling.createNamespacedHorizontalPodAutoscaler({ namespace, body });
  await says({ current: 2, averageUtilization: 120, limited: 'True' });
}

/** Its controller, which finds no metrics here, writes over it only some seconds later. */
async function says({
  current,
  averageUtilization,
  limited,
}: {
  current: number;
  averageUtilization: number;
  limited: string;
}): Promise<void> {
  const { namespace, name } = target;
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    message: 'as it says',
    lastTransitionTime: new Date(),
  });
  const status = {
    currentReplicas: current,
    desiredReplicas: current,
    currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization, averageValue: '1200m' } } }],
    conditions: [
      condition('ScalingActive', 'True', 'ValidMetricFound'),
      condition('ScalingLimited', limited, limited === 'True' ? 'TooManyReplicas' : 'DesiredWithinRange'),
    ],
  };
  await autoscaling.patchNamespacedHorizontalPodAutoscalerStatus({ namespace, name, body: { status } }, MERGE);
}

const autoscaler = () => autoscaling.readNamespacedHorizontalPodAutoscaler({ namespace: target.namespace, name: target.name });

async function planned(): Promise<{ evidence: Evidence; change: Change }> {
  const { evidence, context } = await look();
  const plan = scale(context, LIMITS);
  if (plan.kind === 'unusable') throw new Error(plan.reason);
  return { evidence, change: plan.change };
}

describe('what scales a Deployment', () => {
  it('is nothing where nothing does, in a cluster that knows neither KEDA nor VPAs, with who wrote the number of pods', async () => {
    await running();
    const { scaling, context } = await look();
    expect(scaling).toMatchObject({
      scaler: { kind: 'Deployment', name: 'ranker', bound: 'fixed', least: 2, most: null, paused: null, managedBy: null, ownedBy: null },
      autoscaler: null,
      verticalMode: null,
      quotas: [],
      budgets: [],
      load: { kind: 'read', value: null },
    });
    expect(scaling.replicasWrittenBy).toEqual(expect.any(String));
    expect(known(context.room)!.more).toBeGreaterThan(10);
  });

  it('is told who scaled it to zero', async () => {
    await running();
    const body = { spec: { replicas: 0 } };
    await apps.patchNamespacedDeployment({ namespace: target.namespace, name: target.name, body, fieldManager: 'kubectl' }, MERGE);
    await until('no pod is left', async () => ((await cluster.observe(target)) as { pods?: unknown[] }).pods?.length === 0);
    expect((await look()).scaling.replicasWrittenBy).toBe('kubectl');
  });

  it('is its HorizontalPodAutoscaler, with what that says of itself, by which it is not well though its pods are ready', async () => {
    await running();
    await autoscaled();
    const { scaling, context, evidence } = await look();
    expect(scaling.scaler).toMatchObject({ kind: 'HorizontalPodAutoscaler', generation: null, bound: 'most', least: 2, most: 2 });
    expect(scaling.autoscaler).toMatchObject({
      current: 2,
      most: 2,
      metrics: [{ name: 'cpu', target: '80 %', current: '120 %', ofTarget: 1.5 }],
      conditions: expect.arrayContaining([{ type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas', message: 'as it says' }]),
    });
    expect(healthBy('pods', evidence, context).kind).toBe('recovered');
    expect(healthBy('load', evidence, { ...QUIET_CONTEXT, scaling: await cluster.readScaling(target, evidence) }).kind).toBe(
      'notRecovered',
    );
    await says({ current: 2, averageUtilization: 40, limited: 'False' });
    expect(healthBy('load', evidence, { ...QUIET_CONTEXT, scaling: await cluster.readScaling(target, evidence) }).kind).toBe('recovered');
  });

  it('is how an alert about the autoscaler finds its target', async () => {
    await running();
    await autoscaled();
    expect(await cluster.topmostOwner(target.namespace, 'HorizontalPodAutoscaler', 'ranker')).toEqual({
      kind: 'Deployment',
      name: 'ranker',
    });
    expect(await cluster.topmostOwner(target.namespace, 'HorizontalPodAutoscaler', 'nobody')).toBeNull();
  });

  it('has a room that a quota and the nodes bound, with the numbers', async () => {
    await core.createNamespacedResourceQuota({
      namespace: target.namespace,
      body: { metadata: { name: 'team' }, spec: { hard: { pods: '3', 'requests.cpu': '4' } } },
    });
    await running(2, (deployment) => {
      deployment.spec!.template.spec!.containers[0]!.resources = { requests: { cpu: '1' } };
    });
    await until(
      'the quota counts them',
      async () => (await core.readNamespacedResourceQuota({ namespace: target.namespace, name: 'team' })).status?.used?.pods === '2',
    );
    const { context, scaling } = await look();
    expect(known(context.room)).toEqual({ more: 1, limitedBy: 'Quota team has 2 of 3 pods in use, which leaves room for 1 more pods.' });
    expect(scaling.quotas).toContainEqual({ quota: 'team', resource: 'requests.cpu', used: '2', hard: '4' });
  });

  it('is asked about its disruption budgets', async () => {
    await running();
    await admin.makeApiClient(PolicyV1Api).createNamespacedPodDisruptionBudget({
      namespace: target.namespace,
      body: { metadata: { name: 'ranker' }, spec: { minAvailable: 2, selector: { matchLabels: { app: 'ranker' } } } },
    });
    await until('the budget counts', async () => (await look()).scaling.budgets[0]?.minAvailable === 2);
  });
});

describe('a raised bound of a HorizontalPodAutoscaler', () => {
  it('is written once under one key, and undone to what it was (safety 1, 17)', async () => {
    await running();
    await autoscaled();
    const { evidence, change } = await planned();
    expect(await cluster.apply(target, change, evidence, { key: 'k0', dryRun: true })).toBe('applied');
    expect((await autoscaler()).spec?.maxReplicas).toBe(2);
    expect(await cluster.apply(target, change, evidence, { key: 'k1', ...NOW })).toBe('applied');
    expect(await cluster.apply(target, change, evidence, { key: 'k1', ...NOW })).toBe('alreadyApplied');
    expect((await autoscaler()).spec?.maxReplicas).toBe(3);
    const { uid } = evidence;
    expect(await cluster.apply(target, inverse(change)!, { uid, generation: null }, { key: 'k1/undo', ...NOW })).toBe('applied');
    expect((await autoscaler()).spec?.maxReplicas).toBe(2);
  });

  it('is neither written nor undone when somebody set another since (safety 13, 17)', async () => {
    await running();
    await autoscaled();
    const { evidence, change } = await planned();
    const at = { namespace: target.namespace, name: target.name };
    await autoscaling.patchNamespacedHorizontalPodAutoscaler({ ...at, body: { spec: { maxReplicas: 5 } } }, MERGE);
    await expect(cluster.apply(target, change, evidence, { key: 'k1', ...NOW })).rejects.toThrow(TargetChanged);
    await expect(cluster.apply(target, inverse(change)!, { ...evidence, generation: null }, { key: 'k1/undo', ...NOW })).rejects.toThrow(
      TargetChanged,
    );
    expect((await autoscaler()).spec?.maxReplicas).toBe(5);
  });

  it('is not written on another one of the same name (safety 13)', async () => {
    await running();
    await autoscaled();
    const { evidence, change } = await planned();
    await autoscaling.deleteNamespacedHorizontalPodAutoscaler({ namespace: target.namespace, name: target.name });
    await autoscaled();
    await expect(cluster.apply(target, change, evidence, { key: 'k1', ...NOW })).rejects.toThrow('deleted and made anew');
  });

  it('is seen by the guards to take no ready pod, and refused where the room is gone', async () => {
    await running();
    await autoscaled();
    const { change } = await planned();
    const seen = async () => known((await cluster.readSurroundings(target, { change })).replicas);
    expect(await seen()).toMatchObject({ readyTaken: 0, noRoom: null });
    await core.createNamespacedResourceQuota({
      namespace: target.namespace,
      body: { metadata: { name: 'team' }, spec: { hard: { pods: '2' } } },
    });
    await until(
      'the quota counts',
      async () => (await seen()).noRoom === 'Quota team has 2 of 2 pods in use, which leaves room for 0 more pods.',
    );
  });
});

describe('an autoscaler that measures', () => {
  it('is seen at its maximum, and bearing its load once the maximum is raised and it has made more pods of it', async () => {
    await running();
    const { namespace, name } = target;
    const load = { apiVersion: 'external.metrics.k8s.io/v1beta1', kind: 'ExternalMetricValue', metadata: { name: 'queue' } };
    await objects.createNamespacedCustomObject({
      ...{ group: 'external.metrics.k8s.io', version: 'v1beta1', plural: 'load', namespace },
      body: { ...load, metricName: 'load', timestamp: new Date().toISOString(), value: '30' },
    });
    const external = { metric: { name: 'load' }, target: { type: 'AverageValue', averageValue: '10' } };
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
    const body = {
      metadata: { name },
      spec: { minReplicas: 2, maxReplicas: 2, scaleTargetRef, metrics: [{ type: 'External', external }] },
    };
    await autoscaling.createNamespacedHorizontalPodAutoscaler({ namespace, body });
    const health = async () => {
      const evidence = await cluster.observe(target);
      return healthBy('load', evidence, { ...QUIET_CONTEXT, scaling: await cluster.readScaling(target, evidence) });
    };
    await until('it wants more', async () => (await health()).kind === 'notRecovered', 500, 60_000);
    expect((await look()).scaling.autoscaler?.metrics).toEqual([{ name: 'load', target: '10', current: '15', ofTarget: 1.5 }]);
    const { evidence, change } = await planned();
    await cluster.apply(target, change, evidence, { key: 'k1', ...NOW });
    await until(
      'it has three pods',
      async () => ((await cluster.readScaling(target, evidence)) as { value: Scaling }).value.autoscaler?.current === 3,
      500,
      60_000,
    );
    expect((await health()).kind).toBe('recovered');
  }, 180_000);
});

describe('a fixed number of pods', () => {
  it('is raised on the Deployment itself, and not when its spec changed since (safety 13)', async () => {
    await running();
    const { evidence, change } = await planned();
    await cluster.apply(target, change, evidence, { key: 'k1', ...NOW });
    const read = () => apps.readNamespacedDeployment({ namespace: target.namespace, name: target.name });
    expect((await read()).spec?.replicas).toBe(3);
    await until('they run', async () => (await read()).status?.readyReplicas === 3);
    const later = await planned();
    await apps.patchNamespacedDeployment({ namespace: target.namespace, name: target.name, body: { spec: { minReadySeconds: 1 } } }, MERGE);
    await expect(cluster.apply(target, later.change, later.evidence, { key: 'k2', ...NOW })).rejects.toThrow(TargetChanged);
  });
});

describe('a ScaledObject of KEDA', () => {
  beforeAll(async () => {
    await admin.makeApiClient(ApiextensionsV1Api).createCustomResourceDefinition({
      body: {
        metadata: { name: 'scaledobjects.keda.sh' },
        spec: {
          group: 'keda.sh',
          scope: 'Namespaced',
          names: { kind: 'ScaledObject', plural: 'scaledobjects', singular: 'scaledobject', listKind: 'ScaledObjectList' },
          versions: [
            {
              name: 'v1alpha1',
              served: true,
              storage: true,
              subresources: { status: {} },
              schema: { openAPIV3Schema: { type: 'object', x_kubernetes_preserve_unknown_fields: true } },
            },
          ],
        },
      },
    });
    const list = () => objects.listNamespacedCustomObject({ ...KEDA, namespace: 'default' });
    await until('the cluster knows the kind', () =>
      list().then(
        () => true,
        () => false,
      ),
    );
  });

  const create = (metadata: object = {}) =>
    objects.createNamespacedCustomObject({
      ...KEDA,
      namespace: target.namespace,
      body: {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name: 'ranker-so', ...metadata },
        spec: { scaleTargetRef: { name: 'ranker' }, minReplicaCount: 1, maxReplicaCount: 2, triggers: [] },
      },
    });

  it('is what is raised, and not the autoscaler that KEDA makes of it', async () => {
    await running();
    await create();
    await autoscaled();
    const { evidence, change } = await planned();
    expect(change).toMatchObject({ scaler: { kind: 'ScaledObject', name: 'ranker-so', generation: 1 }, from: 2, to: 3 });
    await cluster.apply(target, change, evidence, { key: 'k1', ...NOW });
    const read = () => objects.getNamespacedCustomObject({ ...KEDA, namespace: target.namespace, name: 'ranker-so' });
    expect(await read()).toMatchObject({ spec: { maxReplicaCount: 3 } });
    expect((await autoscaler()).spec?.maxReplicas).toBe(2);
    await cluster.apply(target, inverse(change)!, { ...evidence, generation: null }, { key: 'k1/undo', ...NOW });
    expect(await read()).toMatchObject({ spec: { maxReplicaCount: 2 } });
  });

  it('is told when it is paused, kept by a tool, or opted out', async () => {
    await running();
    const labels = { 'kustomize.toolkit.fluxcd.io/name': 'apps' };
    await create({ labels, annotations: { 'autoscaling.keda.sh/paused-replicas': '2', 'paramedic.dev/hands-off': 'load test' } });
    expect((await look()).scaling.scaler).toMatchObject({
      paused: 'its annotation autoscaling.keda.sh/paused-replicas holds it at 2 pods',
      managedBy: { tool: 'Flux', name: 'apps' },
      optOut: 'load test',
    });
  });
});

describe('an InferenceService', () => {
  const read = () => objects.getNamespacedCustomObject({ ...SERVING, namespace: target.namespace, name: 'churn' });

  async function served(change: (service: ReturnType<typeof simulatedInferenceService>) => void): Promise<void> {
    target = { ...target, kind: 'InferenceService', name: 'churn' };
    const body = simulatedInferenceService('churn', 'churn', 's3://sandbox-models/churn/1');
    change(body);
    await objects.createNamespacedCustomObject({ ...SERVING, namespace: target.namespace, body });
    await until('its pods are ready', async () => {
      const evidence = await cluster.observe(target);
      return (
        evidence.kind === 'InferenceService' && evidence.workload?.pods.length === 2 && evidence.workload.pods.every(({ ready }) => ready)
      );
    });
  }

  it('is what is raised, and not the autoscaler that KServe makes of it', async () => {
    await served((body) => {
      body.metadata!.annotations = { 'paramedic.dev/model': 'churn' };
      Object.assign((body.spec as { predictor: object }).predictor, { maxReplicas: 2 });
    });
    const made = () => autoscaling.readNamespacedHorizontalPodAutoscaler({ namespace: target.namespace, name: 'churn-predictor' });
    expect((await made()).spec?.maxReplicas).toBe(2);
    const { scaling } = await look();
    expect(scaling.scaler).toMatchObject({ kind: 'InferenceService', name: 'churn', bound: 'most', least: 2, most: 2 });
    expect(scaling.autoscaler?.name).toBe('churn-predictor');
    const { evidence, change } = await planned();
    await cluster.apply(target, change, evidence, { key: 'k1', ...NOW });
    expect(await read()).toMatchObject({ spec: { predictor: { maxReplicas: 3 } } });
    await until('KServe gives it on', async () => (await made()).spec?.maxReplicas === 3);
  });

  it('without an autoscaler has as many pods as its least number, which is raised', async () => {
    await served(() => undefined);
    const { evidence, change } = await planned();
    expect(change).toMatchObject({ scaler: { kind: 'InferenceService', bound: 'fixed' }, from: 2, to: 3 });
    await cluster.apply(target, change, evidence, { key: 'k1', ...NOW });
    expect(await read()).toMatchObject({ spec: { predictor: { minReplicas: 3 } } });
  });
});
