import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
  type V1Deployment,
} from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { TargetGone } from '../../clients/failures.ts';
import { displacedPodsIn } from '../../clients/kubernetes/displaced-pods.ts';
import { surroundingsReader } from '../../clients/kubernetes/surroundings.ts';
import { prometheusMetrics } from '../../clients/prometheus/prometheus.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import type { Change } from '../../incident/change.ts';
import type { Reading } from '../../incident/reading.ts';
import type { Target } from '../../incident/target.ts';
import { simulatedDeployment, simulatedInferenceService } from '../../sandbox/simulated-workloads.ts';
import { registeredModel } from '../evidence.ts';
import { only, scriptedRegistry } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { configOf, openRealCluster, type RealCluster } from './real-cluster.ts';

jest.setTimeout(60_000);
const SERVING = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices' };
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const MEMORY: Change = {
  kind: 'memory',
  container: 'server',
  from: { limit: '128Mi', request: null },
  to: { limit: '256Mi', request: null },
};
const VERSION: Change = {
  kind: 'modelVersion',
  model: 'churn',
  registry: 'mlflow',
  from: { version: '2', address: 's3://models/churn/2' },
  to: { version: '1', address: 's3://models/churn/1' },
};

let real: RealCluster;
let admin: KubeConfig;
let ours: KubeConfig;
let core: CoreV1Api;
let apps: AppsV1Api;
let read: Cluster['readSurroundings'];
let target: Target;
let numbers = 0;

beforeAll(async () => {
  real = await openRealCluster('kserve', 'prometheus');
  admin = real.admin;
  ours = real.ours;
  [core, apps] = [admin.makeApiClient(CoreV1Api), admin.makeApiClient(AppsV1Api)];
  read = surroundingsReader(ours, NO_SYSTEMS).readSurroundings;
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

/** A namespace of its own for each test, so that what is counted in it is what the test made. */
beforeEach(async () => {
  target = { cluster: 'test', namespace: `models-${++numbers}`, kind: 'Deployment', name: 'ranker' };
  await core.createNamespace({ body: { metadata: { name: target.namespace } } });
});

afterEach(async () => {
  await Promise.all(['simulated-1', 'simulated-2'].map((name) => cordon(name, false)));
  // Else its pods would still take room in the next test.
  const all = { namespace: target.namespace, gracePeriodSeconds: 0 };
  await Promise.all([
    admin.makeApiClient(CustomObjectsApi).deleteCollectionNamespacedCustomObject({ ...SERVING, ...all }),
    apps.deleteCollectionNamespacedDeployment(all),
    apps.deleteCollectionNamespacedStatefulSet(all),
  ]);
  await until('its pods are gone', async () => (await podsOf()).length === 0);
});

const podsOf = async () => (await core.listNamespacedPod({ namespace: target.namespace })).items;
const change = (body: object) => apps.patchNamespacedDeployment({ namespace: target.namespace, name: target.name, body }, MERGE);
const cordon = (name: string, unschedulable: boolean) => core.patchNode({ name, body: { spec: { unschedulable } } }, MERGE);
const take = async (): Promise<Change> => {
  const [pod] = await podsOf();
  return { kind: 'pod', name: pod!.metadata!.name!, uid: pod!.metadata!.uid! };
};

/** The value of a piece that must have been read. */
function known<T>(piece: Reading<T>): T {
  if (piece.kind === 'unreadable') throw new Error(`${piece.what}: ${piece.reason}`);
  return piece.value;
}

async function running(body: V1Deployment = simulatedDeployment(target.name)): Promise<V1Deployment> {
  await apps.createNamespacedDeployment({ namespace: target.namespace, body });
  let seen: V1Deployment = body;
  await until('it runs', async () => {
    seen = await apps.readNamespacedDeployment({ namespace: target.namespace, name: target.name });
    return seen.status?.readyReplicas === 2;
  });
  return seen;
}

function asking(cpu: string): V1Deployment {
  const deployment = simulatedDeployment(target.name);
  deployment.spec!.template.spec!.containers[0]!.resources = { requests: { cpu } };
  return deployment;
}

describe('surroundings in which nothing is amiss', () => {
  it('are read whole, with the rights of our own ServiceAccount', async () => {
    const { metadata } = await running();
    await apps.createNamespacedStatefulSet({
      namespace: target.namespace,
      body: {
        metadata: { name: 'store' },
        spec: { ...simulatedDeployment('store').spec!, serviceName: 'store', replicas: 1 },
      },
    });
    const seen = await read(target, { change: await take() });
    expect(known(seen.object)).toMatchObject({
      uid: metadata?.uid,
      generation: metadata?.generation,
      related: [],
      optOut: null,
      managedBy: null,
      heldByPerson: null,
    });
    expect(known(seen.object).resourceVersion).toMatch(/^\d+$/);
    expect(known(seen.namespace)).toEqual({ optOut: null, isTerminating: false, workloads: 2 });
    expect(known(seen.nodes)).toEqual({ total: 2, ready: 2, openAfter: 2 });
    expect(known(seen.replicas)).toEqual({ wanted: 2, ready: 2, readyTaken: 1, noRoom: null, personAtWork: null });
    expect([seen.metrics, seen.registry]).toEqual([null, null]);
  });

  it('come with the time by the API server’s own clock', async () => {
    await running();
    const { apiServerMs, readAtMs } = await read(target, { change: MEMORY });
    // The same machine's clock, in whole seconds.
    expect(known(apiServerMs)).toBeGreaterThanOrEqual(Math.floor(readAtMs / 1000) * 1000);
    expect(known(apiServerMs)).toBeLessThanOrEqual(Date.now());
  });

  it('are none of a target that does not exist', async () => {
    await expect(read(target, { change: MEMORY })).rejects.toThrow(TargetGone);
  });
});

describe('people who want to be left alone', () => {
  it('are seen by the annotation on the object, and a "false" there is none', async () => {
    await running();
    const optOut = async (said: string) => {
      await change({ metadata: { annotations: { 'paramedic.dev/hands-off': said } } });
      return known((await read(target, { change: MEMORY })).object).optOut;
    };
    expect(await optOut('load test until noon')).toBe('load test until noon');
    expect(await optOut('')).toBe('');
    expect(await optOut('false')).toBeNull();
  });

  it('are seen by the annotation on the namespace', async () => {
    await running();
    const body = { metadata: { annotations: { 'paramedic.dev/hands-off': 'migration' } } };
    await core.patchNamespace({ name: target.namespace, body }, MERGE);
    const { namespace, object } = await read(target, { change: MEMORY });
    expect([known(namespace).optOut, known(object).optOut]).toEqual(['migration', null]);
  });

  it('are seen by a paused rollout', async () => {
    await running();
    await change({ spec: { paused: true } });
    expect(known((await read(target, { change: MEMORY })).object).heldByPerson).toBe('its rollout is paused');
  });

  it('are seen by a cordoned node', async () => {
    await running();
    const [pod] = await podsOf();
    await cordon(pod!.spec!.nodeName!, true);
    expect(known((await read(target, { change: MEMORY })).replicas).personAtWork).toMatch(
      /^its pod ranker-\S+ is on simulated-\d, which is cordoned$/,
    );
  });

  it('are seen by a debug container that runs', async () => {
    await running();
    const [pod] = await podsOf();
    const at = { namespace: target.namespace, name: pod!.metadata!.name! };
    const shell = { name: 'debugger-1', image: 'busybox', targetContainerName: 'server' };
    await core.patchNamespacedPodEphemeralcontainers(
      { ...at, body: { spec: { ephemeralContainers: [shell] } } },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    const statuses = [{ name: 'debugger-1', image: 'busybox', imageID: '', ready: false, restartCount: 0, state: { running: {} } }];
    await core.patchNamespacedPodStatus({ ...at, body: { status: { ephemeralContainerStatuses: statuses } } }, MERGE);
    expect(known((await read(target, { change: MEMORY })).replicas).personAtWork).toBe(
      `a debug container (debugger-1) runs in its pod ${at.name}`,
    );
  });

  it.each([
    [{ annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:ml/ranker' } }, { tool: 'Argo CD', name: 'shop' }],
    [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, { tool: 'Flux', name: 'apps' }],
    [
      { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'ranker' } },
      { tool: 'Helm', name: 'ranker' },
    ],
  ])('are seen by the tool they manage it with: %j', async (metadata, tool) => {
    await running();
    await change({ metadata });
    expect(known((await read(target, { change: MEMORY })).object).managedBy).toEqual(tool);
  });

  it('are seen by a namespace that is being deleted', async () => {
    await running();
    await change({ metadata: { finalizers: ['example.com/held'] } });
    await core.deleteNamespace({ name: target.namespace });
    const { namespace } = await read(target, { change: MEMORY });
    await change({ metadata: { finalizers: [] } });
    expect(known(namespace).isTerminating).toBe(true);
  });
});

describe('what a change takes', () => {
  it('is every ready pod where the Deployment recreates them, and what the strategy allows where it rolls', async () => {
    await running({
      ...simulatedDeployment(target.name),
      spec: { ...simulatedDeployment(target.name).spec!, strategy: { type: 'Recreate' } },
    });
    const taken = async () => known((await read(target, { change: MEMORY })).replicas).readyTaken;
    expect(await taken()).toBe(2);
    await change({ spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%', maxSurge: 1 } } } });
    expect(await taken()).toBe(1);
    await change({ spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: 1 } } } });
    expect(await taken()).toBe(0);
  });

  it('finds room again on its own node, and none once that is cordoned and the other one is full', async () => {
    await running(asking('40'));
    const pod = await take();
    const noRoom = async () => known((await read(target, { change: pod })).replicas).noRoom;
    expect(await noRoom()).toBeNull();
    await cordon((await podsOf())[0]!.spec!.nodeName!, true);
    expect(await noRoom()).toMatch(/^None of the 1 nodes that would take another pod like ranker-\S+ \(cpu 40\) has so much free\.$/);
  });

  it('finds none where pods that already wait would take what it frees', async () => {
    await running(asking('40'));
    const pod = await take();
    const batch = simulatedDeployment('batch');
    batch.spec!.template.spec!.containers[0]!.resources = { requests: { cpu: '30' } };
    await apps.createNamespacedDeployment({ namespace: target.namespace, body: batch });
    await until('the others wait', async () => (await podsOf()).filter(({ spec }) => !spec?.nodeName).length === 2);
    const seen = await read(target, { change: pod });
    expect(known(seen.replicas).noRoom).toMatch(/^Pods that already wait for a node come before another pod like ranker-\S+ \(cpu 40\): /);
    expect(known(seen.namespace).workloads).toBe(2);
    const waiting = (await podsOf()).filter(({ spec }) => !spec?.nodeName).map(({ metadata }) => `${target.namespace}/${metadata?.name}`);
    expect((await displacedPodsIn(ours)()).map(({ pod }) => pod)).toEqual(expect.arrayContaining(waiting));
  });
});

describe('a model server', () => {
  it('is seen with the Deployment that KServe made of it, which is one workload with it', async () => {
    const body = simulatedInferenceService('churn', 'churn', 's3://sandbox-models/churn/1');
    target = { ...target, kind: 'InferenceService', name: 'churn' };
    await admin.makeApiClient(CustomObjectsApi).createNamespacedCustomObject({ ...SERVING, namespace: target.namespace, body });
    await until('its pods are ready', async () => known((await read(target, { change: VERSION })).replicas).ready === 2);
    const seen = await read(target, { change: VERSION });
    expect(known(seen.object).related).toEqual([`${target.namespace}/Deployment/churn-predictor`]);
    expect(known(seen.namespace).workloads).toBe(1);
    expect(known(seen.replicas)).toMatchObject({ wanted: 2, ready: 2, readyTaken: 0, noRoom: null });
    const deployment: Target = { ...target, kind: 'Deployment', name: 'churn-predictor' };
    expect(known((await read(deployment, { change: MEMORY })).object).related).toEqual([`${target.namespace}/InferenceService/churn`]);
  });
});

describe('what stands beside the cluster', () => {
  it('is Prometheus, where one is configured', async () => {
    await running();
    const metricsAt = async (url: string) =>
      (await surroundingsReader(ours, { ...NO_SYSTEMS, metrics: prometheusMetrics(url) }).readSurroundings(target, { change: MEMORY }))
        .metrics;
    expect(await metricsAt(real.sandbox.addresses.prometheusUrl)).toEqual({ kind: 'read', value: true });
    expect(await metricsAt('http://127.0.0.1:1')).toMatchObject({
      kind: 'unreadable',
      what: 'Prometheus',
      reason: expect.stringMatching(/^Cannot reach Prometheus at http:\/\/127\.0\.0\.1:1: /),
    });
  });

  it('is the registry, where the change leans on one', async () => {
    await running();
    const registryWith = async (readModel: () => Promise<ReturnType<typeof registeredModel> | null>) =>
      (
        await surroundingsReader(ours, { ...NO_SYSTEMS, registries: only({ ...scriptedRegistry(), readModel }) }).readSurroundings(target, {
          change: VERSION,
        })
      ).registry;
    expect(await registryWith(async () => registeredModel())).toEqual({ kind: 'read', value: true });
    expect(await registryWith(async () => null)).toMatchObject({ reason: 'The registry mlflow knows no model "churn".' });
    const leaky = () => Promise.reject(new Error('MLflow answers 500 to token=hunter2hunter2'));
    expect(await registryWith(leaky)).toMatchObject({ kind: 'unreadable', reason: 'MLflow answers 500 to token=[redacted]' });
    expect((await read(target, { change: VERSION })).registry).toMatchObject({
      reason: 'No registry "mlflow" is configured; there is none.',
    });
  });
});

describe('what cannot be read', () => {
  /** As a ServiceAccount that may read some kinds and nothing else. */
  async function mayRead(name: string, rules: { apiGroups: string[]; resources: string[] }[]): Promise<KubeConfig> {
    const rbac = admin.makeApiClient(RbacAuthorizationV1Api);
    const { namespace } = target;
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
    await rbac.createClusterRole({ body: { metadata: { name }, rules: rules.map((rule) => ({ ...rule, verbs: ['get', 'list'] })) } });
    await rbac.createClusterRoleBinding({
      body: {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      },
    });
    const { status } = await core.createNamespacedServiceAccountToken({ namespace, name, body: { spec: { audiences: [] } } });
    const config = configOf(real.sandbox.addresses.kubeconfigPath);
    config.users = [{ name: config.getCurrentUser()!.name, token: status?.token ?? '' }];
    return config;
  }

  it('is told with the right that is missing, and what may be read is read', async () => {
    await running();
    const config = await mayRead('short-sighted', [
      { apiGroups: ['apps'], resources: ['deployments', 'replicasets', 'daemonsets'] },
      { apiGroups: [''], resources: ['namespaces', 'pods'] },
      { apiGroups: ['serving.kserve.io'], resources: ['inferenceservices', 'llminferenceservices'] },
      // Kinds are listed side by side, and it is told of the first that may not be.
      { apiGroups: ['argoproj.io'], resources: ['rollouts'] },
      { apiGroups: ['mlops.seldon.io'], resources: ['models'] },
    ]);
    const seen = await surroundingsReader(config, NO_SYSTEMS).readSurroundings(target, { change: MEMORY });
    expect(known(seen.object).optOut).toBeNull();
    expect(known(seen.apiServerMs)).toBeGreaterThan(0);
    const nodes =
      /^The API server refuses it for the nodes: nodes is forbidden: .* cannot list resource "nodes" in API group "" at the cluster scope$/;
    expect(seen.nodes).toMatchObject({ kind: 'unreadable', what: 'the nodes', reason: expect.stringMatching(nodes) });
    // Whether somebody drains a node cannot be told without them.
    expect(seen.replicas).toMatchObject({ kind: 'unreadable', what: `the pods of ${target.namespace}/Deployment/ranker` });
    expect(seen.namespace).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('cannot list resource "statefulsets"') });
  });

  it('is everything where nothing may be read, but the clock', async () => {
    await running();
    const config = await mayRead('blind', []);
    const seen = await surroundingsReader(config, NO_SYSTEMS).readSurroundings(target, { change: await take() });
    const { apiServerMs, object, namespace, nodes, replicas } = seen;
    expect(apiServerMs.kind).toBe('read');
    expect([object, namespace, nodes, replicas].map(({ kind }) => kind)).toEqual(Array(4).fill('unreadable'));
    expect(object).toMatchObject({ reason: expect.stringContaining('cannot get resource "deployments"') });
  });

  it('is everything while an API server takes connections and never answers', async () => {
    const silent: Server = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'silent', server: `http://127.0.0.1:${port}`, skipTLSVerify: true }, { name: 'me' });
    const around = surroundingsReader(config, { ...NO_SYSTEMS, answerMsMax: 300 }).readSurroundings;
    const { apiServerMs, object, namespace, nodes, replicas } = await around(target, { change: MEMORY });
    silent.close();
    for (const piece of [apiServerMs, object, namespace, nodes, replicas])
      expect(piece).toMatchObject({ kind: 'unreadable', reason: 'there was no answer within 0.3 s' });
  });

  it('is everything while the API server is away', async () => {
    await running();
    const pod = await take();
    await real.sandbox.kill('kube-apiserver');
    const seen = await read(target, { change: pod }).finally(() => real.sandbox.start('kube-apiserver'));
    const { apiServerMs, object, namespace, nodes, replicas } = seen;
    for (const piece of [apiServerMs, object, namespace, nodes, replicas])
      expect(piece).toMatchObject({ kind: 'unreadable', reason: 'nothing listens there (connection refused)' });
  });
});
