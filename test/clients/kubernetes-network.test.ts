import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  NetworkingV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1Deployment,
  type V1NetworkPolicySpec,
  type V1ServiceSpec,
} from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { TargetChanged } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { type Change, inverse } from '../../incident/change.ts';
import type { Context } from '../../incident/context.ts';
import type { WorkloadEvidence } from '../../incident/evidence.ts';
import type { Reading } from '../../incident/reading.ts';
import type { Target } from '../../incident/target.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { simulatedDeployment } from '../../sandbox/simulated-workloads.ts';
import { remedyLimits } from '../remedy-limits.ts';
import { until } from '../until.ts';
import { openRealCluster, type RealCluster } from './real-cluster.ts';

const NAMESPACE = 'paths';
const NOW = { dryRun: false };
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const STRATEGIC = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
jest.setTimeout(60_000);

let real: RealCluster;
let admin: KubeConfig;
let apps: AppsV1Api;
let core: CoreV1Api;
let networking: NetworkingV1Api;
let cluster: Cluster;
let target: Target;
let numbers = 0;

beforeAll(async () => {
  real = await openRealCluster();
  admin = real.admin;
  apps = admin.makeApiClient(AppsV1Api);
  core = admin.makeApiClient(CoreV1Api);
  networking = admin.makeApiClient(NetworkingV1Api);
  cluster = kubernetesCluster(real.ours, NO_SYSTEMS);
  await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

beforeEach(() => {
  target = { cluster: 'test', namespace: NAMESPACE, kind: 'Deployment', name: `router-${++numbers}` };
});

/** A Deployment of two pods with a port, a role that its own selector does not ask for, and what its container is told. */
function routed(name: string, env: { name: string; value: string }[] = []): V1Deployment {
  const deployment = simulatedDeployment(name);
  const { template } = deployment.spec!;
  template.metadata!.labels = { app: name, role: 'server' };
  Object.assign(template.spec!.containers[0]!, { ports: [{ name: 'http', containerPort: 8080 }], env });
  return deployment;
}

const deploy = (body: V1Deployment) => apps.createNamespacedDeployment({ namespace: NAMESPACE, body });
const serve = (name: string, spec: V1ServiceSpec) =>
  core.createNamespacedService({ namespace: NAMESPACE, body: { metadata: { name }, spec } });
const restrict = (name: string, spec: V1NetworkPolicySpec, labels = {}) =>
  networking.createNamespacedNetworkPolicy({ namespace: NAMESPACE, body: { metadata: { name, labels }, spec } });
const toHttp = (name: string): V1ServiceSpec => ({
  selector: { app: name, role: 'server' },
  ports: [{ name: 'http', port: 80, targetPort: 'http' }],
});
const nobodyIn = (name: string): V1NetworkPolicySpec => ({ podSelector: { matchLabels: { app: name } }, policyTypes: ['Ingress'] });

const observe = async () => (await cluster.observe(target)) as WorkloadEvidence;
const look = async () => {
  const evidence = await observe();
  return { evidence, context: await cluster.readContext(target, evidence) };
};
const cause = async () => {
  const { evidence, context } = await look();
  return diagnose(evidence, context, { measure: 'paths' }).cause;
};

function answered<T>(reading: Reading<T>): T {
  if (reading.kind === 'unreadable') throw new Error(`${reading.what} cannot be read: ${reading.reason}`);
  return reading.value;
}
const read = ({ paths, dependencies, dns, certificates }: Context) => ({
  paths: answered(paths),
  dependencies: answered(dependencies),
  dns: answered(dns),
  certificates: answered(certificates),
});

/** It runs, its Service leads to it, and nothing cuts the path. */
async function reachable(env: { name: string; value: string }[] = []): Promise<void> {
  await deploy(routed(target.name, env));
  await serve(target.name, toHttp(target.name));
  await until('its Service leads to its pods', async () => (await cause()) === 'transient');
}

describe('what stands on the paths to a Deployment', () => {
  it('is read whole by the permissions that are granted (safety 35)', async () => {
    await reachable();
    const { paths, dependencies, dns, certificates } = read((await look()).context);
    expect(paths).toMatchObject({
      namespace: NAMESPACE,
      ownLabels: { app: target.name },
      newest: { labels: { app: target.name, role: 'server' }, ports: [{ name: 'http', number: 8080, protocol: 'TCP' }] },
      previous: null,
      services: [{ name: target.name, ready: 2, notReady: 0, selected: 2, ports: [{ number: 80, target: 'http' }] }],
      policies: [],
      silent: [],
    });
    expect(paths!.newest.madeMs).toBeGreaterThan(0);
    expect({ dependencies, dns, certificates }).toEqual({ dependencies: [], dns: null, certificates: [] });
  });

  it('shows that a release took away what its Service asks for, and that the one before it had it', async () => {
    await reachable();
    const body = { spec: { template: { metadata: { labels: { role: 'serving' } } } } };
    await apps.patchNamespacedDeployment({ namespace: NAMESPACE, name: target.name, body }, STRATEGIC);
    await until('the release is out, and selected no more', async () => (await cause()) === 'selector-matches-nothing');
    const { evidence, context } = await look();
    expect(planRemedy('undoRelease', evidence, remedyLimits(), context).kind).toBe('change');
  });

  it('shows that its Service was sent by hand to a port that is not there, which no release undoes', async () => {
    await reachable();
    const patch = [{ op: 'replace', path: '/spec/ports/0/targetPort', value: 9999 }];
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await core.patchNamespacedService(
      { namespace: NAMESPACE, name: target.name, body: patch },
      setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
    );
    expect(await cause()).toBe('wrong-target-port');
    const { evidence, context } = await look();
    expect(planRemedy('undoRelease', evidence, remedyLimits(), context).kind).toBe('unusable');
  });

  it('shows what it depends on, with the port and what makes the pods, and nothing of the values that name it (safety 34)', async () => {
    const store = `store-${numbers}`;
    await deploy({ ...routed(store), spec: { ...routed(store).spec!, replicas: 0 } });
    await serve(store, toHttp(store));
    await reachableWhileDown(store);
    const { context, evidence } = await look();
    const { dependencies } = read(context);
    expect(dependencies).toMatchObject([
      { service: store, namespace: NAMESPACE, ready: 0, port: { number: 80 }, workload: { kind: 'Deployment', name: store, wanted: 0 } },
    ]);
    expect(dependencies[0]?.namespaceLabels).toMatchObject({ 'kubernetes.io/metadata.name': NAMESPACE });
    expect(JSON.stringify(context)).not.toContain('hunter2');
    expect(diagnose(evidence, context, { measure: 'paths' })).toMatchObject({ cause: 'dependency-down' });
  });

  it('does not take the Service of another workload for its own, also while that has no pods', async () => {
    await reachable();
    const canary = `${target.name}-canary`;
    await deploy({ ...routed(canary), spec: { ...routed(canary).spec!, replicas: 0 } });
    const body = { metadata: { name: canary, labels: { app: target.name } }, spec: toHttp(canary) };
    await core.createNamespacedService({ namespace: NAMESPACE, body });
    expect(await cause()).toBe('transient');
    await apps.deleteNamespacedDeployment({ namespace: NAMESPACE, name: canary });
    await until('the Service has nobody left that it could mean', async () => (await cause()) === 'selector-matches-nothing');
  });

  it('shows when the DNS of the cluster is away', async () => {
    await reachable();
    const body = { ...simulatedDeployment('coredns'), metadata: { name: 'coredns', labels: { 'k8s-app': 'kube-dns' } } };
    body.spec!.replicas = 0;
    await apps.createNamespacedDeployment({ namespace: 'kube-system', body });
    try {
      expect(await cause()).toBe('dns-down');
    } finally {
      await apps.deleteNamespacedDeployment({ namespace: 'kube-system', name: 'coredns' });
    }
  });
});

async function reachableWhileDown(store: string): Promise<void> {
  await deploy(routed(target.name, [{ name: 'STORE', value: `http://app:hunter2@${store}/v1` }]));
  await serve(target.name, toHttp(target.name));
  await until('its pods are ready', async () => (await observe()).replicasReady === 2);
}

describe('a NetworkPolicy that cuts the path', () => {
  /** The plan to take it away. */
  async function cut(labels = {}): Promise<{ change: Change; seen: WorkloadEvidence }> {
    await reachable();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await restrict(`deny-${target.name}`, nobodyIn(target.name), labels);
    const { evidence, context } = await look();
    expect(diagnose(evidence, context, { measure: 'paths' })).toMatchObject({ cause: 'policy-cuts-path', confidence: 'certain' });
    const planned = planRemedy('undoPolicy', evidence, remedyLimits(), context);
    if (planned.kind === 'unusable') throw new Error(planned.reason);
    return { change: planned.change, seen: evidence };
  }
  const policies = async () =>
    (await networking.listNamespacedNetworkPolicy({ namespace: NAMESPACE })).items.filter(
      ({ metadata }) => metadata?.name === `deny-${target.name}`,
    );

  it('is deleted once under one key, and the path is there (safety 1)', async () => {
    const { change, seen } = await cut();
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('applied');
    expect(await policies()).toEqual([]);
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('alreadyApplied');
    expect(await cause()).toBe('transient');
  });

  it('is kept, and the target too, by a dry run', async () => {
    const { change, seen } = await cut();
    expect(await cluster.apply(target, change, seen, { key: 'k1', dryRun: true })).toBe('applied');
    expect(await policies()).toHaveLength(1);
    const { metadata } = await apps.readNamespacedDeployment({ namespace: NAMESPACE, name: target.name });
    expect(metadata?.annotations).not.toHaveProperty(['paramedic.dev/last-action']);
  });

  it('is made again as it was, once (safety 1, 17)', async () => {
    const { change, seen } = await cut({ team: 'ranking' });
    const [before] = await policies();
    await cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    const back = inverse(change)!;
    const undo = () => cluster.apply(target, back, { uid: seen.uid, generation: null }, { key: 'k1/undo', ...NOW });
    expect([await undo(), await undo()]).toEqual(['applied', 'alreadyApplied']);
    const [after] = await policies();
    const text = ({ metadata, spec }: typeof before & object) => ({ labels: metadata?.labels, annotations: metadata?.annotations, spec });
    expect(text(after!)).toEqual(text(before!));
  });

  it('is not made again over one that somebody made since (safety 17, 26)', async () => {
    const { change, seen } = await cut();
    await cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    await restrict(`deny-${target.name}`, { podSelector: {}, policyTypes: ['Egress'] });
    const undone = cluster.apply(target, inverse(change)!, { uid: seen.uid, generation: null }, { key: 'k1/undo', ...NOW });
    await expect(undone).rejects.toThrow('which somebody else made');
    await networking.deleteNamespacedNetworkPolicy({ namespace: NAMESPACE, name: `deny-${target.name}` });
  });

  it('is not deleted when somebody changed it since it was seen (safety 13)', async () => {
    const { change, seen } = await cut();
    const body = { metadata: { annotations: { reason: 'audit' } } };
    await networking.patchNamespacedNetworkPolicy({ namespace: NAMESPACE, name: `deny-${target.name}`, body }, MERGE);
    await expect(cluster.apply(target, change, seen, { key: 'k1', ...NOW })).rejects.toThrow(TargetChanged);
    expect(await policies()).toHaveLength(1);
  });

  it('is not deleted when somebody changes it directly before the write (safety 13)', async () => {
    const { change, seen } = await cut();
    const body = { metadata: { annotations: { reason: 'audit' } } };
    const beforeWrite = async () => {
      await networking.patchNamespacedNetworkPolicy({ namespace: NAMESPACE, name: `deny-${target.name}`, body }, MERGE);
    };
    await expect(cluster.apply(target, change, seen, { key: 'k1', ...NOW, beforeWrite })).rejects.toThrow(TargetChanged);
    expect(await policies()).toHaveLength(1);
  });

  it('that somebody else deleted is not counted as done, so that nothing is made again of it (safety 26)', async () => {
    const { change, seen } = await cut();
    await networking.deleteNamespacedNetworkPolicy({ namespace: NAMESPACE, name: `deny-${target.name}` });
    await expect(cluster.apply(target, change, seen, { key: 'k1', ...NOW })).rejects.toThrow(TargetChanged);
  });

  it('is deleted by the second try when the first ended between its two writes, and only once asked again (safety 1)', async () => {
    const { change, seen } = await cut();
    const body = { metadata: { annotations: { 'paramedic.dev/last-action': 'k1' } } };
    await apps.patchNamespacedDeployment({ namespace: NAMESPACE, name: target.name, body }, MERGE);
    const refused = async () => Promise.reject(new TargetChanged('It is well.'));
    await expect(cluster.apply(target, change, seen, { key: 'k1', ...NOW, beforeWrite: refused })).rejects.toThrow('It is well.');
    expect(await policies()).toHaveLength(1);
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('applied');
    expect(await policies()).toEqual([]);
  });
});
