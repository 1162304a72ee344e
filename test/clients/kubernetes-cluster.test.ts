import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppsV1Api, CoreV1Api, type KubeConfig, PatchStrategy, PolicyV1Api, setHeaderOptions } from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { Refused, TargetChanged, TargetGone } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { type Change, inverse } from '../../incident/change.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { WorkloadEvidence } from '../../incident/evidence.ts';
import type { Target } from '../../incident/target.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { brokenImage, simulatedDeployment } from '../../sandbox/simulated-workloads.ts';
import { release } from '../release.ts';
import { remedyLimits } from '../remedy-limits.ts';
import { until } from '../until.ts';
import { configOf, openRealCluster, type RealCluster } from './real-cluster.ts';

const NAMESPACE = 'models';
jest.setTimeout(60_000);
const NOW = { dryRun: false };

let real: RealCluster;
let admin: KubeConfig;
let apps: AppsV1Api;
let cluster: Cluster;
let target: Target;
let numbers = 0;

beforeAll(async () => {
  real = await openRealCluster();
  admin = real.admin;
  apps = admin.makeApiClient(AppsV1Api);
  cluster = kubernetesCluster(real.ours, NO_SYSTEMS);
  await admin.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: NAMESPACE } } });
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

beforeEach(() => {
  target = { cluster: 'test', namespace: NAMESPACE, kind: 'Deployment', name: `ranker-${++numbers}` };
});

const observe = async () => (await cluster.observe(target)) as WorkloadEvidence;
const read = () => apps.readNamespacedDeployment({ namespace: NAMESPACE, name: target.name });
const image = async () => (await read()).spec?.template.spec?.containers[0]?.image;

/** A Deployment whose second release crashes, and the plan to undo it. */
async function withABadRelease(): Promise<{ change: Change; seen: WorkloadEvidence }> {
  await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: simulatedDeployment(target.name) });
  await until('it runs', async () => (await observe()).replicasReady === 2);
  await release(apps, NAMESPACE, target.name, brokenImage(target.name));
  await until('the new release crashes', async () =>
    (await observe()).pods.some((pod) => pod.containers.some((one) => one.waiting === 'CrashLoopBackOff')),
  );
  const seen = await observe();
  const planned = planRemedy('undoRelease', seen, remedyLimits(), QUIET_CONTEXT);
  if (planned.kind === 'unusable') throw new Error(planned.reason);
  return { change: planned.change, seen };
}

describe('a change of a Deployment', () => {
  it('is made once under one key, however often it is asked for (safety 1)', async () => {
    const { change, seen } = await withABadRelease();
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('applied');
    const { metadata } = await read();
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('alreadyApplied');
    expect(await image()).toBe(`${target.name}:1`);
    expect((await read()).metadata?.generation).toBe(metadata?.generation);
  });

  it('changes nothing as a dry run', async () => {
    const { change, seen } = await withABadRelease();
    expect(await cluster.apply(target, change, seen, { key: 'k1', dryRun: true })).toBe('applied');
    expect((await read()).metadata?.generation).toBe(seen.generation);
  });

  it('is not made when the spec changed since the plan (safety 13)', async () => {
    const { change, seen } = await withABadRelease();
    await release(apps, NAMESPACE, target.name, `${target.name}:3`);
    await expect(cluster.apply(target, change, seen, { key: 'k1', ...NOW })).rejects.toThrow(TargetChanged);
    expect(await image()).toBe(`${target.name}:3`);
  });

  it('is not made when a person scaled the target since the plan, though the release is the same (safety 13)', async () => {
    const { change, seen } = await withABadRelease();
    const body = [{ op: 'replace', path: '/spec/replicas', value: 3 }];
    await apps.patchNamespacedDeployment(
      { namespace: NAMESPACE, name: target.name, body },
      setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
    );
    await expect(cluster.apply(target, change, seen, { key: 'k1', ...NOW })).rejects.toThrow(TargetChanged);
    expect(await image()).toBe(brokenImage(target.name));
  });

  it('is not made on another object of the same name (safety 13)', async () => {
    const { change, seen } = await withABadRelease();
    await expect(cluster.apply(target, change, { ...seen, uid: 'another' }, { key: 'k1', ...NOW })).rejects.toThrow(
      'deleted and made anew',
    );
  });

  it('is undone to exactly what was (safety 17)', async () => {
    const { change, seen } = await withABadRelease();
    const before = (await read()).spec?.template;
    await cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    await until('the rollback has its release', async () => (await observe()).releases[0]?.images[0] === `${target.name}:1`);
    await cluster.apply(target, inverse(change)!, { uid: seen.uid, generation: null }, { key: 'k1/undo', ...NOW });
    expect((await read()).spec?.template).toEqual(before);
  });

  it('is not undone when somebody released something since (safety 17)', async () => {
    const { change, seen } = await withABadRelease();
    await cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    await release(apps, NAMESPACE, target.name, `${target.name}:3`);
    await until('that is the newest release', async () => (await observe()).releases[0]?.images[0] === `${target.name}:3`);
    await expect(cluster.apply(target, inverse(change)!, { uid: seen.uid, generation: null }, { key: 'k1/undo', ...NOW })).rejects.toThrow(
      TargetChanged,
    );
    expect(await image()).toBe(`${target.name}:3`);
  });

  it('of memory is made only from the limit it was planned from, and its undo likewise (safety 13, 17)', async () => {
    await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: simulatedDeployment(target.name) });
    const change: Change = {
      kind: 'memory',
      container: 'server',
      from: { limit: '128Mi', request: null },
      to: { limit: '256Mi', request: null },
    };
    const limit = async () => (await read()).spec?.template.spec?.containers[0]?.resources?.limits?.memory;
    const { uid, generation } = (await read()).metadata!;
    const wrong: Change = { ...change, from: { limit: '64Mi', request: null } };
    await expect(cluster.apply(target, wrong, { uid: uid!, generation: generation! }, { key: 'k0', ...NOW })).rejects.toThrow(
      TargetChanged,
    );
    await cluster.apply(target, change, { uid: uid!, generation: generation! }, { key: 'k1', ...NOW });
    expect(await limit()).toBe('256Mi');
    await expect(cluster.apply(target, inverse(wrong)!, { uid: uid!, generation: null }, { key: 'k0/undo', ...NOW })).resolves.toBe(
      'applied',
    );
    expect(await limit()).toBe('64Mi');
    await expect(cluster.apply(target, inverse(change)!, { uid: uid!, generation: null }, { key: 'k1/undo', ...NOW })).rejects.toThrow(
      TargetChanged,
    );
  });

  it('of memory is undone whichever way the API server writes the amount (safety 17)', async () => {
    await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: simulatedDeployment(target.name, { limit: '3000Mi' }) });
    const change: Change = {
      kind: 'memory',
      container: 'server',
      from: { limit: '3000Mi', request: null },
      to: { limit: '4096Mi', request: null },
    };
    const limit = async () => (await read()).spec?.template.spec?.containers[0]?.resources?.limits?.memory;
    const { uid, generation } = (await read()).metadata!;
    await cluster.apply(target, change, { uid: uid!, generation: generation! }, { key: 'k1', ...NOW });
    expect(await limit()).toBe('4Gi');
    await cluster.apply(target, inverse(change)!, { uid: uid!, generation: null }, { key: 'k1/undo', ...NOW });
    expect(await limit()).toBe('3000Mi');
  });

  it('is refused for good, with the API server’s reason, when the object would be invalid', async () => {
    await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: simulatedDeployment(target.name) });
    const change: Change = {
      kind: 'memory',
      container: 'server',
      from: { limit: '128Mi', request: null },
      to: { limit: '-1Mi', request: null },
    };
    const seen = await observe();
    const made = cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    await expect(made).rejects.toThrow(Refused);
  });
});

describe('an eviction', () => {
  it('takes exactly the pod that was seen, once, and never a later one (safety 1)', async () => {
    const { seen } = await withABadRelease();
    const [pod] = seen.pods;
    const change: Change = { kind: 'pod', name: pod!.name, uid: pod!.uid };
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('applied');
    await until('the pod is gone', async () => !(await observe()).pods.some(({ uid }) => uid === pod!.uid));
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('alreadyApplied');
  });

  it('of several pods takes those that are still there, and asks once before', async () => {
    const { seen } = await withABadRelease();
    const [first, second] = seen.pods;
    const change: Change = { kind: 'pod', name: first!.name, uid: first!.uid, others: [{ name: second!.name, uid: second!.uid }] };
    const isThere = async (uid: string) => (await observe()).pods.some((pod) => pod.uid === uid);
    let asked = 0;
    const options = { key: 'k2', ...NOW, beforeWrite: async () => void asked++ };
    expect(await cluster.apply(target, change, seen, { key: 'k1', dryRun: true })).toBe('applied');
    expect([await isThere(first!.uid), await isThere(second!.uid)]).toEqual([true, true]);
    expect(await cluster.apply(target, change, seen, options)).toBe('applied');
    await until('both are gone', async () => !(await isThere(first!.uid)) && !(await isThere(second!.uid)));
    expect(await cluster.apply(target, change, seen, options)).toBe('alreadyApplied');
    expect(asked).toBe(1);
  });

  it('is refused, and never forced, when a disruption budget does not allow it', async () => {
    await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: simulatedDeployment(target.name) });
    await until('it runs', async () => (await observe()).replicasReady === 2);
    await admin.makeApiClient(PolicyV1Api).createNamespacedPodDisruptionBudget({
      namespace: NAMESPACE,
      body: { metadata: { name: target.name }, spec: { minAvailable: 2, selector: { matchLabels: { app: target.name } } } },
    });
    const budget = async () =>
      (await admin.makeApiClient(PolicyV1Api).readNamespacedPodDisruptionBudget({ namespace: NAMESPACE, name: target.name })).status;
    await until('the budget counts the pods', async () => (await budget())?.currentHealthy === 2);
    const seen = await observe();
    const [pod] = seen.pods;
    await expect(cluster.apply(target, { kind: 'pod', name: pod!.name, uid: pod!.uid }, seen, { key: 'k1', ...NOW })).rejects.toThrow(
      Refused,
    );
    expect((await observe()).pods.map(({ uid }) => uid)).toContain(pod!.uid);
  });
});

describe('a cluster', () => {
  it('finds the topmost owner of a pod, and nothing above what does not exist', async () => {
    await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: simulatedDeployment(target.name) });
    await until('it has pods', async () => (await observe()).pods.length === 2);
    const [pod] = (await observe()).pods;
    expect(await cluster.topmostOwner(NAMESPACE, 'Pod', pod!.name)).toEqual({ kind: 'Deployment', name: target.name });
    expect(await cluster.topmostOwner(NAMESPACE, 'Pod', 'nobody')).toBeNull();
  });

  it('tells the node of each pod, and its zone where the node has one', async () => {
    const name = 'simulated-1';
    const body = { metadata: { labels: { 'topology.kubernetes.io/zone': 'eu-west-1a' } } };
    await admin.makeApiClient(CoreV1Api).patchNode({ name, body }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
    const deployment = simulatedDeployment(target.name);
    deployment.spec!.template.spec!.nodeName = name;
    await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: deployment });
    await until('it has pods', async () => (await observe()).pods.length === 2);
    // One that has not read the nodes before they had a zone.
    const anew = kubernetesCluster(real.ours, NO_SYSTEMS);
    const { pods } = (await anew.observe(target)) as WorkloadEvidence;
    expect(pods.map(({ node, zone }) => ({ node, zone }))).toEqual(Array(2).fill({ node: name, zone: 'eu-west-1a' }));
  });

  it('says that a target is gone, rather than that it is unhealthy (safety 18)', async () => {
    await expect(cluster.observe(target)).rejects.toThrow(TargetGone);
  });

  it('names the permission that is missing (safety 35)', async () => {
    const nobody = configOf(real.sandbox.addresses.kubeconfigPath);
    const core = admin.makeApiClient(CoreV1Api);
    await until('the namespace has its ServiceAccount', () =>
      core.readNamespacedServiceAccount({ namespace: NAMESPACE, name: 'default' }).then(
        () => true,
        () => false,
      ),
    );
    const { status } = await core.createNamespacedServiceAccountToken({
      namespace: NAMESPACE,
      name: 'default',
      body: { spec: { audiences: [] } },
    });
    nobody.users = [{ name: nobody.getCurrentUser()!.name, token: status?.token ?? '' }];
    await expect(kubernetesCluster(nobody, NO_SYSTEMS).observe(target)).rejects.toThrow(/cannot get resource "deployments"/);
    await expect(kubernetesCluster(nobody, NO_SYSTEMS).observe(target)).rejects.toThrow(Refused);
  });
});
