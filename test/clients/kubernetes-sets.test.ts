import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  AppsV1Api,
  CoreV1Api,
  PatchStrategy,
  PolicyV1Api,
  setHeaderOptions,
  type V1DaemonSetSpec,
  type V1StatefulSetSpec,
} from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { Refused, TargetChanged } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { healthOf } from '../../diagnosis/health.ts';
import { type Change, inverse } from '../../incident/change.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { WorkloadEvidence } from '../../incident/evidence.ts';
import type { Rung } from '../../incident/remedy.ts';
import type { Target, WorkloadKind } from '../../incident/target.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { brokenImage, simulatedDeployment } from '../../sandbox/simulated-workloads.ts';
import { remedyLimits } from '../remedy-limits.ts';
import { until } from '../until.ts';
import { openRealCluster, type RealCluster } from './real-cluster.ts';

const NAMESPACE = 'stores';
const NOW = { dryRun: false };
jest.setTimeout(60_000);

let real: RealCluster;
let apps: AppsV1Api;
let cluster: Cluster;
let target: Target;
let numbers = 0;

beforeAll(async () => {
  real = await openRealCluster();
  apps = real.admin.makeApiClient(AppsV1Api);
  cluster = kubernetesCluster(real.ours, NO_SYSTEMS);
  await real.admin.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: NAMESPACE } } });
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

beforeEach(() => {
  target = { cluster: 'test', namespace: NAMESPACE, kind: 'StatefulSet', name: `shelf-${++numbers}` };
});

const observe = async () => (await cluster.observe(target)) as WorkloadEvidence;
const isWell = async () => healthOf(await observe()).kind === 'recovered';
const names = async () => (await observe()).pods.map(({ name }) => name).sort();

async function createStatefulSet(spec: Partial<V1StatefulSetSpec> = {}, options: Parameters<typeof simulatedDeployment>[1] = {}) {
  const { metadata, spec: common } = simulatedDeployment(target.name, options);
  const { selector, template } = common!;
  const body = { metadata: metadata!, spec: { serviceName: target.name, replicas: 3, selector, template, ...spec } };
  await apps.createNamespacedStatefulSet({ namespace: NAMESPACE, body });
}

async function createDaemonSet(spec: Partial<V1DaemonSetSpec> = {}) {
  target = { ...target, kind: 'DaemonSet' };
  const { metadata, spec: common } = simulatedDeployment(target.name);
  const { selector, template } = common!;
  await apps.createNamespacedDaemonSet({ namespace: NAMESPACE, body: { metadata: metadata!, spec: { selector, template, ...spec } } });
}

async function release(image: string): Promise<void> {
  const body = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }];
  const request = { namespace: NAMESPACE, name: target.name, body };
  const json = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch);
  if (target.kind === 'DaemonSet') await apps.patchNamespacedDaemonSet(request, json);
  else await apps.patchNamespacedStatefulSet(request, json);
}

const read = () =>
  target.kind === 'DaemonSet'
    ? apps.readNamespacedDaemonSet({ namespace: NAMESPACE, name: target.name })
    : apps.readNamespacedStatefulSet({ namespace: NAMESPACE, name: target.name });
const image = async () => (await read()).spec?.template.spec?.containers[0]?.image;

const crashing = async () => (await observe()).pods.filter((pod) => pod.containers.some(({ waiting }) => waiting === 'CrashLoopBackOff'));

async function withABadRelease(): Promise<WorkloadEvidence> {
  await until('it runs', isWell);
  await release(brokenImage(target.name));
  await until('the new release crashes', async () => (await crashing()).length > 0);
  return observe();
}

function planned(remedy: Rung, seen: WorkloadEvidence): Change {
  const plan = planRemedy(remedy, seen, remedyLimits(), QUIET_CONTEXT);
  if (plan.kind === 'unusable') throw new Error(plan.reason);
  return plan.change;
}

/** Takes pods away as a person does. */
const deletePod = (name: string) => real.admin.makeApiClient(CoreV1Api).deleteNamespacedPod({ namespace: NAMESPACE, name });

describe('a release of a StatefulSet', () => {
  it('is told apart by the ControllerRevision that holds its template, and by the label of its pods', async () => {
    await createStatefulSet();
    const seen = await withABadRelease();
    expect(seen.releases.map(({ revision, images }) => ({ revision, images }))).toEqual([
      { revision: 2, images: [brokenImage(target.name)] },
      { revision: 1, images: [`${target.name}:1`] },
    ]);
    const [newest, previous] = seen.releases;
    expect(seen.pods.filter(({ release }) => release === newest?.hash).map(({ name }) => name)).toEqual([`${target.name}-2`]);
    expect(seen.pods.filter(({ release }) => release === previous?.hash)).toHaveLength(2);
    expect(seen.differences).toEqual([expect.objectContaining({ what: 'image' })]);
  });

  it('is undone with the pod that fails, which its controller would leave as it is, once under one key (safety 1)', async () => {
    await createStatefulSet();
    const seen = await withABadRelease();
    const change = planned('undoRelease', seen);
    expect(await cluster.apply(target, change, seen, { key: 'k1', dryRun: true })).toBe('applied');
    expect(await image()).toBe(brokenImage(target.name));
    expect(await crashing()).toHaveLength(1);
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('applied');
    expect(await image()).toBe(`${target.name}:1`);
    await until('it is well', isWell);
    const after = await read();
    const kept = seen.pods.filter(({ ready }) => ready).map(({ uid }) => uid);
    expect((await observe()).pods.map(({ uid }) => uid)).toEqual(expect.arrayContaining(kept));
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('alreadyApplied');
    expect((await read()).metadata?.generation).toBe(after.metadata?.generation);
  });

  it('is undone to the end where the first try was broken off after the template (safety 1)', async () => {
    await createStatefulSet();
    const seen = await withABadRelease();
    const change = planned('undoRelease', seen);
    await cluster.apply(target, { ...change, evictsFailing: false } as Change, seen, { key: 'k1', ...NOW });
    expect(await crashing()).toHaveLength(1);
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('applied');
    await until('it is well', isWell);
  });

  it('is left as it is where a budget does not allow that the failing pod is evicted', async () => {
    await createStatefulSet();
    const policy = real.admin.makeApiClient(PolicyV1Api);
    const where = { namespace: NAMESPACE, name: target.name };
    const spec = { minAvailable: 3, selector: { matchLabels: { app: target.name } } };
    await policy.createNamespacedPodDisruptionBudget({ namespace: NAMESPACE, body: { metadata: { name: target.name }, spec } });
    const seen = await withABadRelease();
    await until(
      'the budget counts the pods',
      async () => (await policy.readNamespacedPodDisruptionBudget(where)).status?.currentHealthy === 2,
    );
    for (const dryRun of [true, false])
      await expect(cluster.apply(target, planned('undoRelease', seen), seen, { key: 'k1', dryRun })).rejects.toThrow(Refused);
    expect(await image()).toBe(brokenImage(target.name));
    expect(await crashing()).toHaveLength(1);
  });

  it('is not undone when somebody released something since (safety 13, 17)', async () => {
    await createStatefulSet();
    const seen = await withABadRelease();
    await release(`${target.name}:3`);
    await expect(cluster.apply(target, planned('undoRelease', seen), seen, { key: 'k1', ...NOW })).rejects.toThrow(TargetChanged);
    expect(await image()).toBe(`${target.name}:3`);
  });

  it('comes back exactly as it was where undoing it did not help (safety 17)', async () => {
    await createStatefulSet();
    const seen = await withABadRelease();
    const before = (await read()).spec?.template;
    const change = planned('undoRelease', seen);
    await cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    await until('it is well', isWell);
    await cluster.apply(target, inverse(change)!, { uid: seen.uid, generation: null }, { key: 'k1/undo', ...NOW });
    expect((await read()).spec?.template).toEqual(before);
  });

  it('of the update strategy OnDelete is undone in the pods that fail, and counts no pod that nobody has replaced', async () => {
    await createStatefulSet({ updateStrategy: { type: 'OnDelete' } });
    await until('it runs', isWell);
    await release(brokenImage(target.name));
    await until('it is the newest release', async () => (await observe()).releases.length === 2);
    expect(await isWell()).toBe(true);
    await deletePod(`${target.name}-1`);
    await until('the pod crashes', async () => (await crashing()).length === 1);
    const seen = await observe();
    await cluster.apply(target, planned('undoRelease', seen), seen, { key: 'k1', ...NOW });
    await until('it is well', isWell);
    expect(new Set((await observe()).pods.map(({ release }) => release)).size).toBe(1);
  });

  it('of a set that starts its pods in parallel needs no eviction', async () => {
    await createStatefulSet({ podManagementPolicy: 'Parallel' });
    const seen = await withABadRelease();
    const change = planned('undoRelease', seen);
    expect(change).toMatchObject({ evictsFailing: false });
    await cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    await until('it is well', isWell);
  });

  it('that a partition keeps from most pods is undone in the one that has it', async () => {
    await createStatefulSet({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    const seen = await withABadRelease();
    expect(seen.rollout.kept).toBe(2);
    await cluster.apply(target, planned('undoRelease', seen), seen, { key: 'k1', ...NOW });
    await until('it is well', isWell);
  });
});

describe('memory of a StatefulSet', () => {
  it('is raised for the pod that is killed for want of it, which its controller waits for', async () => {
    await createStatefulSet({ replicas: 2 }, { needsMi: 200 });
    await until('the first pod is killed', async () => (await crashing()).length === 1);
    const seen = await observe();
    await cluster.apply(target, planned('raiseMemory', seen), seen, { key: 'k1', ...NOW });
    await until('it is well', isWell);
    expect(await names()).toEqual([`${target.name}-0`, `${target.name}-1`]);
  });
});

describe('a pod of a StatefulSet', () => {
  it('that is evicted comes back under its name', async () => {
    await createStatefulSet();
    await until('it runs', isWell);
    const seen = await observe();
    const [pod] = seen.pods;
    await cluster.apply(target, { kind: 'pod', name: pod!.name, uid: pod!.uid }, seen, { key: 'k1', ...NOW });
    await until('it is made anew', async () => (await observe()).pods.some(({ name, uid }) => name === pod!.name && uid !== pod!.uid));
    await until('it is well', isWell);
  });
});

describe('a release of a DaemonSet', () => {
  it('is undone, and reaches every node by itself', async () => {
    await createDaemonSet();
    const seen = await withABadRelease();
    expect(seen.replicasWanted).toBeGreaterThan(1);
    expect(seen.releases.map(({ revision }) => revision)).toEqual([2, 1]);
    expect(new Set(seen.pods.map(({ release }) => release))).toEqual(new Set(seen.releases.map(({ hash }) => hash)));
    const change = planned('undoRelease', seen);
    expect(change).toMatchObject({ evictsFailing: false });
    await cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    await until('it is well', isWell);
  });

  it('of the update strategy OnDelete is undone in the pods that fail', async () => {
    await createDaemonSet({ updateStrategy: { type: 'OnDelete' } });
    await until('it runs', isWell);
    await release(brokenImage(target.name));
    await until('it is the newest release', async () => (await observe()).releases.length === 2);
    await deletePod((await names())[0]!);
    await until('the pod crashes', async () => (await crashing()).length === 1);
    const seen = await observe();
    await cluster.apply(target, planned('undoRelease', seen), seen, { key: 'k1', ...NOW });
    await until('it is well', isWell);
  });
});

describe('the topmost owner of a pod', () => {
  it.each<WorkloadKind>(['StatefulSet', 'DaemonSet'])('is the %s that made it', async (kind) => {
    await (kind === 'StatefulSet' ? createStatefulSet() : createDaemonSet());
    await until('it runs', isWell);
    const [name] = await names();
    expect(await cluster.topmostOwner(NAMESPACE, 'Pod', name!)).toEqual({ kind, name: target.name });
  });
});
