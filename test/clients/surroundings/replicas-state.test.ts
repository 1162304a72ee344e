import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSetUpdateStrategy, V1DeploymentStrategy, V1Pod, V1StatefulSetUpdateStrategy } from '@kubernetes/client-node';
import type { WorkloadRead } from '../../../clients/kubernetes/read-workload.ts';
import { replicasState } from '../../../clients/kubernetes/surroundings/replicas-state.ts';
import type { Change } from '../../../incident/change.ts';
import { node, pod } from './kubernetes-objects.ts';

const MEMORY: Change = { kind: 'memory', container: 'main', from: { limit: '1Mi', request: null }, to: { limit: '2Mi', request: null } };
const take = (name: string): Change => ({ kind: 'pod', name, uid: `uid-${name}` });

function workload(pods: readonly V1Pod[], replicas: number, strategy?: V1DeploymentStrategy): WorkloadRead {
  const template = { metadata: {}, spec: { containers: [] } };
  return {
    kind: 'Deployment',
    object: { spec: { replicas, selector: {}, template, ...(strategy ? { strategy } : {}) } },
    releases: [],
    pods,
  };
}

const readyPods = (count: number) => Array.from({ length: count }, (_, index) => pod(`ranker-${index}`, 'node-1', {}));
const rolling = (maxUnavailable?: number | string, maxSurge?: number | string): V1DeploymentStrategy => ({
  type: 'RollingUpdate',
  rollingUpdate: { ...(maxUnavailable === undefined ? {} : { maxUnavailable }), ...(maxSurge === undefined ? {} : { maxSurge }) },
});
const takenOf = (ready: number, wanted: number, strategy?: V1DeploymentStrategy) =>
  replicasState(MEMORY, [workload(readyPods(ready), wanted, strategy)], [], []).readyTaken;

describe('the ready pods that a rollout takes away at worst', () => {
  it('are all of them where the Deployment recreates its pods', () => {
    expect(takenOf(4, 4, { type: 'Recreate' })).toBe(4);
    expect(takenOf(2, 4, { type: 'Recreate' })).toBe(2);
  });

  it('are a quarter, rounded down, where nothing is said', () => {
    expect(takenOf(4, 4)).toBe(1);
    expect(takenOf(7, 7)).toBe(1);
    expect(takenOf(3, 3)).toBe(0);
  });

  it('are as many as the strategy says, as a number or a percentage', () => {
    expect(takenOf(10, 10, rolling(3))).toBe(3);
    expect(takenOf(10, 10, rolling('35%'))).toBe(3);
    expect(takenOf(2, 2, rolling(5))).toBe(2);
  });

  it('are one where the strategy allows neither more nor fewer pods', () => {
    expect(takenOf(3, 3, rolling(0, 0))).toBe(1);
    expect(takenOf(3, 3, rolling('10%', 0))).toBe(1);
    expect(takenOf(3, 3, rolling(0, '10%'))).toBe(0);
  });

  it('are only those beyond what must stay', () => {
    expect(takenOf(3, 4, rolling(1))).toBe(0);
    expect(takenOf(0, 4, rolling(1))).toBe(0);
  });

  it('are added up over the Deployments of one target', () => {
    const two = [workload(readyPods(4), 4), workload(readyPods(1), 1, { type: 'Recreate' })];
    expect(replicasState(MEMORY, two, [], [])).toMatchObject({ wanted: 5, ready: 5, readyTaken: 2 });
  });

  it('are one of a StatefulSet or a DaemonSet where nothing is said, and of these as many as they say', () => {
    const template = { metadata: {}, spec: { containers: [] } };
    const common = { selector: {}, template };
    const taken = (read: WorkloadRead) => replicasState(MEMORY, [read], [], []).readyTaken;
    const [releases, pods] = [[], readyPods(4)] as const;
    const set = (updateStrategy: V1StatefulSetUpdateStrategy): WorkloadRead => ({
      ...{ kind: 'StatefulSet', releases, pods },
      object: { spec: { ...common, replicas: 4, serviceName: '', updateStrategy } },
    });
    const daemons = (updateStrategy: V1DaemonSetUpdateStrategy): WorkloadRead => ({
      ...{ kind: 'DaemonSet', releases, pods },
      object: {
        spec: { ...common, updateStrategy },
        status: { desiredNumberScheduled: 4, currentNumberScheduled: 4, numberMisscheduled: 0, numberReady: 4 },
      },
    });
    expect([taken(set({})), taken(daemons({}))]).toEqual([1, 1]);
    expect(taken(set({ rollingUpdate: { maxUnavailable: '60%' } }))).toBe(2);
    expect(taken(set({ rollingUpdate: { maxUnavailable: '10%' } }))).toBe(1);
    expect(taken(daemons({ rollingUpdate: { maxUnavailable: '60%' } }))).toBe(3);
    expect([taken(set({ type: 'OnDelete' })), taken(daemons({ type: 'OnDelete' }))]).toEqual([0, 0]);
  });

  it('cannot be told where the strategy cannot be understood', () => {
    expect(() => takenOf(4, 4, rolling('a few'))).toThrow('"a few" is neither a number nor a percentage');
  });
});

describe('a single pod that is taken', () => {
  const [ready, other] = readyPods(2);
  const failing: V1Pod = { ...pod('ranker-9', 'node-1', {}), status: { conditions: [{ type: 'Ready', status: 'False' }] } };
  const state = (change: Change, pods: readonly V1Pod[]) => replicasState(change, [workload(pods, 2)], [node('node-1')], pods);

  it('is one ready pod less only if it is ready', () => {
    expect(state(take('ranker-0'), [ready!, other!]).readyTaken).toBe(1);
    expect(state(take('ranker-9'), [ready!, failing])).toMatchObject({ wanted: 2, ready: 1, readyTaken: 0 });
    expect(state(take('gone'), [ready!])).toMatchObject({ readyTaken: 0, noRoom: null });
  });

  it('is not counted as ready once it is being deleted', () => {
    const leaving = { ...ready!, metadata: { ...ready!.metadata, deletionTimestamp: new Date() } };
    expect(state(take('ranker-0'), [leaving, other!])).toMatchObject({ ready: 1, readyTaken: 0 });
  });

  it('is asked for room, and a rollout is not', () => {
    const full = [node('node-1', {}, { unschedulable: true })];
    const read = (change: Change) => replicasState(change, [workload([failing], 1)], full, [failing]).noRoom;
    expect(read(take('ranker-9'))).toContain('None of the 1 nodes would take');
    expect(read(MEMORY)).toBeNull();
  });
});

describe('pods that leave a node', () => {
  const failing = (name: string, on: string, requests = {}): V1Pod => ({
    ...pod(name, on, requests),
    status: { conditions: [{ type: 'Ready', status: 'False' }] },
  });
  const leaving = (...pods: readonly V1Pod[]): Change => ({
    ...{ kind: 'node', node: 'node-1', from: 'open', to: 'cordoned' },
    pods: pods.map(({ metadata }) => ({ name: metadata!.name!, uid: metadata!.uid! })),
  });
  const state = (pods: readonly V1Pod[], nodes: Parameters<typeof replicasState>[2]) =>
    replicasState(leaving(...pods), [workload(pods, pods.length)], nodes, pods);

  it('are so many ready pods less as are ready', () => {
    const pods = [pod('ranker-1', 'node-1', {}), failing('ranker-2', 'node-1')];
    expect(state(pods, [node('node-1'), node('node-2')])).toMatchObject({ ready: 1, readyTaken: 1, noRoom: null });
  });

  it('find no room on the node they leave', () => {
    expect(state([failing('ranker-1', 'node-1')], [node('node-1')]).noRoom).toContain('None of the 1 nodes would take');
  });

  it('all need room elsewhere at the same time', () => {
    const pods = ['ranker-1', 'ranker-2'].map((name) => failing(name, 'node-1', { cpu: '3' }));
    expect(state(pods, [node('node-1'), node('node-2', { cpu: '4' })]).noRoom).toContain('Pods that already wait for a node come before');
    expect(state(pods, [node('node-1'), node('node-2', { cpu: '6' })]).noRoom).toBeNull();
  });
});

describe('a person at work', () => {
  const person = (pods: readonly V1Pod[], nodes = [node('node-1')]) => replicasState(MEMORY, [workload(pods, 1)], nodes, []).personAtWork;
  const cordoned = [node('node-1', {}, { unschedulable: true })];
  const shell = (state: object): V1Pod => ({
    ...pod('ranker-1', 'node-1', {}),
    status: { ephemeralContainerStatuses: [{ name: 'debugger-x', image: '', imageID: '', ready: false, restartCount: 0, state }] },
  });

  it('is one who cordoned the node of a pod', () => {
    expect(person([pod('ranker-1', 'node-1', {})], cordoned)).toBe('its pod ranker-1 is on node-1, which is cordoned');
    expect(person([pod('ranker-1', 'node-2', {})], cordoned)).toBeNull();
    expect(person([pod('ranker-1', null, {})], cordoned)).toBeNull();
  });

  it('is not Paramedic itself, which has cordoned the node', () => {
    const [closed] = cordoned;
    const setBy = (manager: string) => [{ manager, fieldsV1: { 'f:spec': { 'f:unschedulable': {} } } }];
    const ours = (...managers: string[]) => ({
      ...closed!,
      metadata: { ...closed!.metadata, annotations: { 'paramedic.dev/cordoned-by': 'k1' }, managedFields: managers.flatMap(setBy) },
    });
    const on1 = [pod('ranker-1', 'node-1', {})];
    expect(person(on1, [ours('paramedic')])).toBeNull();
    expect(person(on1, [ours('kubectl-cordon')])).not.toBeNull();
    expect(person(on1, [ours('paramedic', 'kubectl-cordon')])).not.toBeNull();
    expect(person(on1, [ours()])).not.toBeNull();
    expect(person(on1, [{ ...ours('paramedic'), metadata: { ...closed!.metadata, managedFields: setBy('paramedic') } }])).not.toBeNull();
  });

  it('is not one who cordoned a node of a DaemonSet, unless it is there that a pod is taken', () => {
    const pods = [pod('ranker-1', 'node-1', {}), pod('ranker-2', 'node-2', {})];
    const template = { metadata: {}, spec: { containers: [] } };
    const daemons: WorkloadRead = { kind: 'DaemonSet', object: { spec: { selector: {}, template } }, releases: [], pods };
    const atWork = (change: Change) => replicasState(change, [daemons], cordoned, pods).personAtWork;
    expect(atWork(MEMORY)).toBeNull();
    expect(atWork(take('ranker-2'))).toBeNull();
    expect(atWork(take('ranker-1'))).toBe('its pod ranker-1 is on node-1, which is cordoned');
  });

  it('is not one whose cordoned node holds only what has ended', () => {
    expect(person([{ ...pod('ranker-1', 'node-1', {}), status: { phase: 'Failed' } }], cordoned)).toBeNull();
  });

  it('is one who has a debug container running in a pod', () => {
    expect(person([shell({ running: {} })])).toBe('a debug container (debugger-x) runs in its pod ranker-1');
    expect(person([shell({ terminated: { exitCode: 0 } })])).toBeNull();
  });
});
