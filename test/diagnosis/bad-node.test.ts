import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { type Context, type NodeSeen, QUIET_CONTEXT } from '../../incident/context.ts';
import type { PodSeen, WorkloadEvidence } from '../../incident/evidence.ts';
import type { GpuFault } from '../../incident/gpu-fault.ts';
import { evidence, failingModelServer, OOM_KILLED, pendingPod, readyPod, release, sickPod } from '../evidence.ts';

const node = (name: string, change: Partial<NodeSeen> = {}): NodeSeen => ({
  ...{ name, ready: true, pressures: [], unschedulable: false, others: { ready: 9, notReady: 0 } },
  ...change,
});
const on = (name: string, pod: PodSeen): PodSeen => ({ ...pod, node: name });
/** Its containers run, as far as anybody knows. */
const lost = (name: string, pod: PodSeen): PodSeen => ({ ...on(name, pod), ready: false });

const sick = on('n1', sickPod({}));
const sibling = on('n2', readyPod('ranker-2'));
const around = (...nodes: NodeSeen[]): Context => ({ ...QUIET_CONTEXT, nodes: { kind: 'read', value: nodes } });
const seen = (pods: readonly PodSeen[], change: Partial<WorkloadEvidence> = {}) =>
  evidence({ replicasWanted: pods.length, replicasReady: pods.filter(({ ready }) => ready).length, pods, ...change });
const causeOf = (pods: readonly PodSeen[], ...nodes: NodeSeen[]) => diagnose(seen(pods), around(...nodes)).cause;

const DOUBTS: readonly [string, NodeSeen, 'certain' | 'likely', string][] = [
  ['is not ready', node('n1', { ready: false }), 'certain', 'n1 is not ready'],
  ['has a pressure', node('n1', { pressures: ['DiskPressure'] }), 'likely', 'n1 has DiskPressure'],
  ['has no network', node('n1', { pressures: ['NetworkUnavailable'] }), 'likely', 'n1 has NetworkUnavailable'],
  [
    'has mostly pods of others that are not ready either',
    node('n1', { others: { ready: 1, notReady: 2 } }),
    'likely',
    'n1 has 2 pods of others that are not ready, and 1 that are',
  ],
];

describe('a node', () => {
  it.each(DOUBTS)('that %s is at fault when pods of the same release are ready elsewhere', (_case, doubtful, confidence, why) => {
    expect(diagnose(seen([sick, sibling]), around(doubtful, node('n2')))).toMatchObject({
      ...{ cause: 'bad-node', rule: 'badNode', confidence },
      reasons: [
        `All 1 pods that fail (CrashLoopBackOff) are on n1; 1 pods of the same release are ready on other nodes. Of the node: ${why}.`,
      ],
    });
  });

  it('at fault is told with what else could explain it, such as a flake', () => {
    expect(diagnose(seen([sick, sibling]), around(node('n1', { ready: false }))).others).toMatchObject([{ cause: 'flake' }]);
  });

  it.each([
    ['nothing is wrong with it', node('n1')],
    ['as many pods of others are ready as are not', node('n1', { others: { ready: 2, notReady: 2 } })],
    ['only one pod of others is not ready', node('n1', { others: { ready: 0, notReady: 1 } })],
    ['nothing is known of it', node('n3', { ready: false })],
  ])('is not at fault when %s', (_case, other) => {
    expect(causeOf([sick, sibling], other, node('n2'))).toBe('flake');
  });

  it('is in doubt where one pod of a DaemonSet fails, which would come back there', () => {
    const ofDaemonSet = seen([sick, sibling], { kind: 'DaemonSet' });
    expect(diagnose(ofDaemonSet, around(node('n1'), node('n2')))).toMatchObject({
      cause: 'bad-node',
      confidence: 'possible',
      reasons: [
        'ranker-1 fails (CrashLoopBackOff) while 1 pods of the same release are ready, each on a node of its own: n1 is what it has otherwise.',
      ],
    });
  });

  it('that does not answer keeps the place of a StatefulSet’s pod, and a person is told how to give it back', () => {
    const overdue = [{ name: 'ranker-1', node: 'n1', overdueSeconds: 90 }];
    const waiting = seen([sibling], { kind: 'StatefulSet', overdue, replicasWanted: 2 });
    expect(diagnose(waiting, around(node('n1', { ready: false })))).toMatchObject({
      cause: 'bad-node',
      confidence: 'certain',
      reasons: [
        'ranker-1 was to end 90 s ago, and n1 does not answer. No other pod takes its place until it is certain that it has ended, since two of them could harm what they store. Once n1 is known to be off, mark it with the taint node.kubernetes.io/out-of-service, or delete it.',
      ],
    });
    expect(diagnose(waiting, around(node('n1'))).cause).toBe('rolling-out');
    expect(diagnose({ ...waiting, kind: 'Deployment' }, around(node('n1', { ready: false }))).cause).toBe('rolling-out');
  });

  it('is not at fault when the nodes cannot be read', () => {
    const blind: Context = { ...QUIET_CONTEXT, nodes: { kind: 'unreadable', what: 'the nodes of its pods', reason: 'away' } };
    expect(diagnose(seen([sick, sibling]), blind).cause).toBe('flake');
  });

  it('is not at fault when a pod on a node that is well fails, too', () => {
    const alsoSick = on('n3', sickPod({ name: 'ranker-3' }));
    expect(causeOf([sick, alsoSick, sibling], node('n1', { ready: false }), node('n2'), node('n3'))).toBe('unknown');
  });

  it('is not at fault for a release that fails wherever it is', () => {
    const alsoSick = on('n3', sickPod({ name: 'ranker-3' }));
    const old = on('n2', readyPod('ranker-0', 1));
    const bad = [node('n1', { pressures: ['MemoryPressure'] }), node('n3', { pressures: ['MemoryPressure'] })];
    expect(causeOf([sick, alsoSick, old], ...bad, node('n2'))).toBe('bad-release');
  });

  it('is not at fault where pods of the release are ready on it, unless it is not ready itself', () => {
    const wellThere = on('n1', readyPod('ranker-3'));
    expect(causeOf([sick, wellThere, sibling], node('n1', { pressures: ['DiskPressure'] }))).toBe('flake');
    expect(causeOf([sick, wellThere, sibling], node('n1', { ready: false }))).toBe('bad-node');
  });

  it('is one of two at most', () => {
    const bad = ['n1', 'n3', 'n4'].map((name) => node(name, { ready: false }));
    const pods = bad.map(({ name }) => on(name, sickPod({ name: `ranker-${name}` })));
    expect(causeOf([...pods.slice(1), sibling], ...bad)).toBe('bad-node');
    expect(causeOf([...pods, sibling], ...bad)).toBe('unknown');
  });

  it('is only as surely at fault as the less sure of two', () => {
    const pods = [sick, on('n3', sickPod({ name: 'ranker-3' })), sibling];
    const bad = [node('n1', { ready: false }), node('n3', { pressures: ['PIDPressure'] })];
    expect(diagnose(seen(pods), around(...bad)).confidence).toBe('likely');
    expect(diagnose(seen(pods), around(...bad.reverse())).confidence).toBe('likely');
  });

  it('that does not answer has lost its pods, though no other is there to prove it', () => {
    const gone = lost('n1', readyPod('ranker-1'));
    expect(diagnose(seen([gone]), around(node('n1', { ready: false })))).toMatchObject({
      ...{ cause: 'bad-node', rule: 'badNode', confidence: 'certain' },
      reasons: ['All 1 pods that fail are on n1, and nothing is wrong with their containers. Of the node: n1 is not ready.'],
    });
  });

  it('that is ready has not lost a pod which is merely not ready yet', () => {
    expect(causeOf([lost('n1', readyPod('ranker-1'))], node('n1'))).toBe('rolling-out');
    expect(causeOf([on('n1', pendingPod('ranker-1'))], node('n1', { ready: false }))).toBe('rolling-out');
  });

  it('may be at fault, and is not more than suspected, when no pod is ready elsewhere to prove it', () => {
    const first = seen([sick], { releases: [release(2)] });
    expect(diagnose(first, around(node('n1', { ready: false })))).toMatchObject({
      ...{ cause: 'bad-node', rule: 'suspectNode', confidence: 'possible' },
      reasons: [expect.stringContaining('but no pod of the same release is ready on another node to prove it')],
    });
    expect(diagnose(first, around(node('n1'))).cause).toBe('unknown');
  });

  it('is not left for a container that was killed while it is short of memory, which memory or fewer neighbours mend', () => {
    const killed = on('n1', sickPod({ exit: OOM_KILLED }));
    expect(causeOf([killed, sibling], node('n1', { pressures: ['MemoryPressure'] }))).toBe('node-memory-short');
    expect(causeOf([killed, sibling], node('n1'))).toBe('memory-limit-too-low');
  });

  it('is blamed before the version of a model that is served elsewhere', () => {
    const server = failingModelServer({ workload: seen([sick, sibling]) });
    expect(diagnose(server, around(node('n1', { ready: false }))).cause).toBe('bad-node');
    expect(diagnose(server, around(node('n1'))).cause).toBe('flake');
  });

  it('is at fault where several pods fail on it alone, though nothing else speaks against it', () => {
    const pods = [on('n1', sickPod({ name: 'a' })), on('n1', sickPod({ name: 'b' })), on('n2', readyPod('c')), on('n3', readyPod('d'))];
    expect(diagnose(seen(pods), around(node('n1')))).toMatchObject({
      cause: 'bad-node',
      rule: 'nodeAlone',
      reasons: [
        'All 2 failing pods (CrashLoopBackOff) are on n1, where none is ready; 2 pods of the same release are ready on other nodes.',
      ],
    });
    expect(diagnose(failingModelServer({ workload: seen(pods) }), around(node('n1'))).cause).toBe('bad-node');
  });

  it.each<[string, readonly PodSeen[]]>([
    ['one pod alone fails', [sick, sibling, on('n3', readyPod('d'))]],
    ['another is ready on it', [sick, on('n1', sickPod({ name: 'b' })), on('n1', readyPod('c')), sibling, on('n3', readyPod('d'))]],
    [
      'they fail on two nodes',
      [sick, on('n2', sickPod({ name: 'b' })), on('n3', readyPod('c')), on('n4', readyPod('d')), on('n5', readyPod('e'))],
    ],
    ['fewer are ready elsewhere than fail', [sick, on('n1', sickPod({ name: 'b' })), sibling]],
  ])('is not where %s', (_case, pods) => {
    expect(causeOf(pods, node('n1'))).not.toBe('bad-node');
  });

  it('is told as another explanation where the version of a model is blamed and no pod proves which', () => {
    const server = failingModelServer({ workload: seen([sick]) });
    expect(diagnose(server, around(node('n1', { ready: false })))).toMatchObject({
      ...{ cause: 'bad-model-version', others: [{ cause: 'bad-node', rule: 'suspectNode' }] },
    });
  });

  it('may be at fault for a model server that is merely not ready, too', () => {
    const killed = lost('n1', readyPod('churn-1'));
    const waiting = failingModelServer({ loading: null, workload: seen([killed]) });
    expect(diagnose(waiting, around(node('n1', { ready: false }))).cause).toBe('bad-node');
  });

  it('is no guess where the release is to blame, though a person paused its rollout', () => {
    const before = on('n2', readyPod('ranker-0', 1));
    expect(diagnose(seen([before, sick], { paused: true }), around(node('n1', { others: { ready: 1, notReady: 3 } }))).cause).toBe(
      'bad-release',
    );
  });
});

describe('a node whose GPU told of an error', () => {
  const fault = (xid: number, change: Partial<GpuFault> = {}): GpuFault => ({
    ...{ node: 'n1', gpu: '3', xid, pod: null, secondsAgo: 200 },
    ...change,
  });
  const told = (...faults: GpuFault[]): Context => ({ ...around(node('n1'), node('n2')), gpuFaults: { kind: 'read', value: faults } });
  const alone = seen([sick], { releases: [release(2)] });

  it.each([48, 64, 74, 79, 95, 119, 120, 140])('of its hardware (Xid %d) is at fault when pods are ready elsewhere', (xid) => {
    expect(diagnose(seen([sick, sibling]), told(fault(xid)))).toMatchObject({ cause: 'bad-node', rule: 'badNode', confidence: 'likely' });
  });

  it('is at fault for certain, though no pod is ready elsewhere, when it is the GPU that each failing pod has', () => {
    expect(diagnose(alone, told(fault(79, { pod: 'ranker-1' })))).toMatchObject({
      ...{ cause: 'bad-node', rule: 'badNode', confidence: 'certain' },
      reasons: [
        'All 1 pods that fail (CrashLoopBackOff) are on n1, and the GPU of each has failed. Of the node: GPU 3 of n1 told of Xid 79 (it has fallen off the bus) 4 min ago, when ranker-1 had it.',
      ],
    });
    const wellThere = on('n1', readyPod('ranker-3'));
    expect(diagnose(seen([sick, wellThere, sibling]), told(fault(79, { pod: 'ranker-1' }))).cause).toBe('bad-node');
    expect(diagnose(seen([sick, on('n1', sickPod({ name: 'ranker-4' }))]), told(fault(79, { pod: 'ranker-1' }))).rule).not.toBe('badNode');
  });

  it.each([63, 92, 94])('that the driver coped with (Xid %d) is at fault only when pods are ready elsewhere', (xid) => {
    const own = told(fault(xid, { pod: 'ranker-1' }));
    expect(diagnose(seen([sick, sibling]), own)).toMatchObject({ cause: 'bad-node', rule: 'badNode', confidence: 'likely' });
    expect(diagnose(alone, own)).toMatchObject({ cause: 'bad-node', rule: 'suspectNode', confidence: 'possible' });
  });

  it.each([13, 31, 43, 45, 68, 109, 777])('that programs cause, or that nobody knows (Xid %d), is named and not at fault', (xid) => {
    const { cause, reasons, others } = diagnose(seen([sick, sibling]), told(fault(xid, { pod: 'ranker-1' })));
    expect(cause).toBe('flake');
    expect(others.map((other) => other.cause)).not.toContain('bad-node');
    expect(reasons[1]).toMatch(
      new RegExp(`^GPU 3 of n1 told of Xid ${xid}.* 4 min ago, when ranker-1 had it\\. That does not speak of its hardware\\.$`),
    );
  });

  it('is not at fault for a GPU that another pod had, nor is another node', () => {
    for (const other of [fault(79, { pod: 'shop/trainer-1' }), fault(79, { pod: 'ranker-2' }), fault(79, { node: 'n2' })]) {
      const { cause, reasons } = diagnose(seen([sick, sibling]), told(other));
      expect(cause).toBe('flake');
      expect(reasons[1]).toContain('told of Xid 79');
    }
  });

  it('is not in doubt when what its GPUs tell cannot be read', () => {
    const blind: Context = { ...told(), gpuFaults: { kind: 'unreadable', what: 'what the GPUs of its nodes tell', reason: 'away' } };
    expect(diagnose(seen([sick, sibling]), blind).cause).toBe('flake');
  });
});
