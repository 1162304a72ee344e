import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppsV1Api, CoreV1Api, PatchStrategy, PolicyV1Api, setHeaderOptions } from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { Refused, TargetChanged } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { inverse } from '../../incident/change.ts';
import type { WorkloadEvidence } from '../../incident/evidence.ts';
import type { NodeChange } from '../../incident/node-change.ts';
import type { Target } from '../../incident/target.ts';
import { simulatedDeployment } from '../../sandbox/simulated-workloads.ts';
import { until } from '../until.ts';
import { openRealCluster, type RealCluster } from './real-cluster.ts';

const NAMESPACE = 'models';
const BAD_NODE = 'simulated-1';
const OTHER_NODE = 'simulated-2';
const CORDONED_BY = 'paramedic.dev/cordoned-by';
jest.setTimeout(60_000);
const NOW = { dryRun: false };

let real: RealCluster;
let core: CoreV1Api;
let apps: AppsV1Api;
let policy: PolicyV1Api;
let cluster: Cluster;
let target: Target;
let numbers = 0;

beforeAll(async () => {
  real = await openRealCluster();
  const { admin } = real;
  core = admin.makeApiClient(CoreV1Api);
  apps = admin.makeApiClient(AppsV1Api);
  policy = admin.makeApiClient(PolicyV1Api);
  cluster = kubernetesCluster(real.ours, NO_SYSTEMS);
  await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

beforeEach(() => {
  target = { cluster: 'test', namespace: NAMESPACE, kind: 'Deployment', name: `ranker-${++numbers}` };
});

afterEach(async () => {
  await apps.deleteNamespacedDeployment({ namespace: NAMESPACE, name: target.name }).catch(() => undefined);
  await patchNode({ metadata: { annotations: { [CORDONED_BY]: null } }, spec: { unschedulable: null } });
});

const observe = async () => (await cluster.observe(target)) as WorkloadEvidence;
const node = () => core.readNode({ name: BAD_NODE });
const patchNode = (body: object, name = BAD_NODE) =>
  core.patchNode({ name, body, fieldManager: 'kubectl-cordon' }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
const cordonByHand = () => patchNode({ spec: { unschedulable: true } });
const uncordonByHand = () => patchNode({ spec: { unschedulable: false } });

/** A Deployment with pods on the node that is to be left, and the change that leaves it. */
async function onBadNode(replicas = 2): Promise<{ seen: WorkloadEvidence; change: NodeChange }> {
  const deployment = simulatedDeployment(target.name);
  deployment.spec!.replicas = replicas;
  await patchNode({ spec: { unschedulable: true } }, OTHER_NODE);
  await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: deployment });
  await until('it runs', async () => (await observe()).replicasReady === replicas);
  await patchNode({ spec: { unschedulable: null } }, OTHER_NODE);
  const seen = await observe();
  const pods = seen.pods.map(({ name, uid }) => ({ name, uid }));
  return { seen, change: { kind: 'node', node: BAD_NODE, from: 'open', to: 'cordoned', pods } };
}

/** A budget that allows so few of the target's pods to be away. */
async function allowAway(maxUnavailable: number): Promise<void> {
  const spec = { maxUnavailable, selector: { matchLabels: { app: target.name } } };
  const body = { metadata: { name: target.name }, spec };
  await policy.createNamespacedPodDisruptionBudget({ namespace: NAMESPACE, body });
  await until('the budget counts the pods', async () => {
    const { status } = await policy.readNamespacedPodDisruptionBudget({ namespace: NAMESPACE, name: target.name });
    return (status?.currentHealthy ?? 0) > 0 && status?.disruptionsAllowed === maxUnavailable;
  });
}

describe('leaving a node', () => {
  it('cordons it with the key of the act, and moves exactly these pods elsewhere', async () => {
    const { seen, change } = await onBadNode();
    const [first] = change.pods;
    const one = { ...change, pods: [first!] };
    expect(await cluster.apply(target, one, seen, { key: 'k1', ...NOW })).toBe('applied');
    const { metadata, spec } = await node();
    expect({ by: metadata?.annotations?.[CORDONED_BY], unschedulable: spec?.unschedulable }).toEqual({ by: 'k1', unschedulable: true });
    await until('the pod is replaced', async () => {
      const { pods } = await observe();
      return pods.length === 2 && pods.every((pod) => pod.ready) && !pods.some(({ uid }) => uid === first!.uid);
    });
    expect((await observe()).pods.map((pod) => pod.node).sort()).toEqual([BAD_NODE, OTHER_NODE]);
  });

  it('is done once under one key, and goes on where it was broken off (safety 1)', async () => {
    const { seen, change } = await onBadNode();
    const [first] = change.pods;
    await cluster.apply(target, { ...change, pods: [first!] }, seen, { key: 'k1', ...NOW });
    const never = { key: 'k1', ...NOW, beforeWrite: () => Promise.reject(new Error('It has begun, and is not asked about again.')) };
    expect(await cluster.apply(target, change, seen, never)).toBe('applied');
    await until('both are gone', async () => !(await observe()).pods.some(({ uid }) => change.pods.some((pod) => pod.uid === uid)));
    expect(await cluster.apply(target, change, seen, never)).toBe('alreadyApplied');
  });

  it('changes nothing as a dry run', async () => {
    const { seen, change } = await onBadNode();
    expect(await cluster.apply(target, change, seen, { key: 'k1', dryRun: true })).toBe('applied');
    expect((await node()).spec?.unschedulable).toBeUndefined();
    expect((await observe()).pods.map(({ uid }) => uid)).toEqual(change.pods.map(({ uid }) => uid));
  });

  it('is refused before anything is written when a disruption budget does not allow it, and never forced', async () => {
    const { seen, change } = await onBadNode();
    await allowAway(0);
    for (const dryRun of [true, false]) await expect(cluster.apply(target, change, seen, { key: 'k1', dryRun })).rejects.toThrow(Refused);
    expect((await node()).spec?.unschedulable).toBeUndefined();
    expect((await observe()).pods.map(({ uid }) => uid)).toEqual(change.pods.map(({ uid }) => uid));
  });

  it('takes as many at once as the budget allows, and the others when it is tried again', async () => {
    const { seen, change } = await onBadNode();
    await allowAway(1);
    const apply = () => cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    await expect(apply()).rejects.toThrow('not all pods could leave it');
    await until('the rest may follow', () =>
      apply().then(
        () => true,
        () => false,
      ),
    );
    await until('it is well elsewhere', async () => {
      const { pods } = await observe();
      return pods.length === 2 && pods.every((pod) => pod.ready && pod.node === OTHER_NODE);
    });
  });

  it('is not begun when what is asked directly before the write says no', async () => {
    const { seen, change } = await onBadNode();
    const beforeWrite = () => Promise.reject(new TargetChanged('It is well now.'));
    await expect(cluster.apply(target, change, seen, { key: 'k1', ...NOW, beforeWrite })).rejects.toThrow('It is well now.');
    expect((await node()).spec?.unschedulable).toBeUndefined();
  });

  it('is not begun when the pods are gone already', async () => {
    const { seen, change } = await onBadNode();
    const pods = [{ name: change.pods[0]!.name, uid: 'another' }];
    await expect(cluster.apply(target, { ...change, pods }, seen, { key: 'k1', ...NOW })).rejects.toThrow(TargetChanged);
    expect((await node()).spec?.unschedulable).toBeUndefined();
  });

  it('leaves a node alone that a person cordoned, since that person is at work on it (safety 26)', async () => {
    const { seen, change } = await onBadNode();
    await cordonByHand();
    await expect(cluster.apply(target, change, seen, { key: 'k1', ...NOW })).rejects.toThrow('was cordoned by somebody else');
    expect((await node()).metadata?.annotations).not.toHaveProperty([CORDONED_BY]);
    expect((await observe()).pods.map(({ uid }) => uid)).toEqual(change.pods.map(({ uid }) => uid));
    const { replicas } = await cluster.readSurroundings(target, { change });
    expect(replicas).toMatchObject({ value: { personAtWork: expect.stringContaining('which is cordoned') } });
  });

  it('does not take a cordon over that a person sets at the very moment (safety 26)', async () => {
    const { seen, change } = await onBadNode();
    const beforeWrite = async () => void (await cordonByHand());
    await expect(cluster.apply(target, change, seen, { key: 'k1', ...NOW, beforeWrite })).rejects.toThrow(TargetChanged);
    expect((await node()).metadata?.annotations).not.toHaveProperty([CORDONED_BY]);
    expect((await observe()).pods.map(({ uid }) => uid)).toEqual(change.pods.map(({ uid }) => uid));
  });

  it('moves pods off a node that another act cordoned, whose cordon it then leaves as it is', async () => {
    const { seen, change } = await onBadNode();
    const [first, second] = change.pods;
    await cluster.apply(target, { ...change, pods: [first!] }, seen, { key: 'k1', ...NOW });
    expect(await cluster.apply(target, { ...change, pods: [second!] }, seen, { key: 'k2', ...NOW })).toBe('applied');
    expect((await node()).metadata?.annotations?.[CORDONED_BY]).toBe('k1');
    await expect(
      cluster.apply(target, inverse(change)!, { uid: seen.uid, generation: null }, { key: 'k2/undo', undoes: 'k2', ...NOW }),
    ).rejects.toThrow('not by this act');
    expect((await node()).spec?.unschedulable).toBe(true);
  });

  it('has its own cordon not taken for a person at work', async () => {
    const { seen, change } = await onBadNode();
    await cluster.apply(target, { ...change, pods: [change.pods[0]!] }, seen, { key: 'k1', ...NOW });
    expect(await cluster.readSurroundings(target, { change })).toMatchObject({
      nodes: { value: { total: 2, ready: 2, openAfter: 1 } },
      replicas: { value: { personAtWork: null } },
    });
  });

  it('takes the ready pods it takes into account, and the room they need elsewhere', async () => {
    const { change } = await onBadNode();
    const surroundings = await cluster.readSurroundings(target, { change });
    expect(surroundings).toMatchObject({
      nodes: { value: { openAfter: 1 } },
      replicas: { value: { ready: 2, readyTaken: 2, noRoom: null } },
    });
  });
});

describe('taking it back', () => {
  const undo = (change: NodeChange, { uid }: WorkloadEvidence, key = 'k1') =>
    cluster.apply(target, inverse(change)!, { uid, generation: null }, { key: `${key}/undo`, undoes: key, ...NOW });

  it('opens the node again, once, and leaves no mark on it (safety 17)', async () => {
    const { seen, change } = await onBadNode();
    await cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    expect(await undo(change, seen)).toBe('applied');
    const { metadata, spec } = await node();
    expect({ annotations: metadata?.annotations, unschedulable: spec?.unschedulable }).toEqual({
      annotations: expect.not.objectContaining({ [CORDONED_BY]: expect.anything() }),
      unschedulable: undefined,
    });
    expect(await undo(change, seen)).toBe('alreadyApplied');
  });

  it('leaves a cordon of a person, also where the node was cordoned by the act before (safety 17, 26)', async () => {
    const { seen, change } = await onBadNode();
    await cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    await uncordonByHand();
    await cordonByHand();
    expect((await node()).metadata?.annotations?.[CORDONED_BY]).toBe('k1');
    await expect(undo(change, seen)).rejects.toThrow('not by this act; it is left so');
    expect((await node()).spec?.unschedulable).toBe(true);
  });

  it('finds nothing to do where a person opened the node', async () => {
    const { seen, change } = await onBadNode();
    await cluster.apply(target, change, seen, { key: 'k1', ...NOW });
    await uncordonByHand();
    expect(await undo(change, seen)).toBe('alreadyApplied');
  });
});
