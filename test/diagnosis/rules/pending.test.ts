import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import type { CauseKind } from '../../../incident/cause.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import type { Difference } from '../../../incident/difference.ts';
import type { PodSeen, WorkloadEvidence } from '../../../incident/evidence.ts';
import type { PlacesSeen } from '../../../incident/places.ts';
import { evidence, pendingPod, readyPod, release } from '../../evidence.ts';
import { contextOf, homeless, looked, places, reference, startingPod, warning } from '../seen.ts';

const difference = (what: Difference['what']): Difference => ({ what, text: `${what}: one → other` });
/** Pods of the newest release wait; the one before it differs in these things, and its pod is ready. */
const waiting = (pods: readonly PodSeen[], brought: readonly Difference['what'][], change: Partial<WorkloadEvidence> = {}) =>
  evidence({ replicasUpdated: 0, pods: [readyPod('ranker-0', 1), ...pods], differences: brought.map(difference), ...change });
const gpu = { resource: 'nvidia.com/gpu', asks: '8', most: '4' };
const memory = { resource: 'memory', asks: '64000 Mi', most: '16000 Mi' };

describe('a pod that no node takes', () => {
  it.each<[string, CauseKind, Partial<PlacesSeen>, readonly Difference['what'][]]>([
    ['10 Insufficient cpu.', 'nodes-full', {}, ['resources']],
    ['10 Insufficient memory, 3 Insufficient cpu.', 'nodes-full', {}, ['containers']],
    ['10 Too many pods.', 'nodes-full', {}, ['resources']],
    ['10 Insufficient memory.', 'too-large-for-any-node', { lacking: [memory] }, ['resources']],
    ['10 Insufficient nvidia.com/gpu.', 'gpu-short', {}, ['resources']],
    ['10 Insufficient nvidia.com/gpu.', 'gpu-short', { lacking: [gpu] }, ['resources']],
    ['10 node(s) had untolerated taint(s).', 'taint-not-tolerated', { allowed: 0 }, ['placement']],
    [
      '8 Insufficient nvidia.com/gpu, 2 node(s) had untolerated taint(s).',
      'taint-not-tolerated',
      { taints: ['gpu=:NoSchedule'] },
      ['resources'],
    ],
    [
      "10 node(s) didn't match Pod's node affinity/selector.",
      'affinity-unsatisfiable',
      { allowed: 0, labels: ['pool=a100'] },
      ['placement'],
    ],
    ["10 node(s) didn't match pod anti-affinity rules.", 'affinity-unsatisfiable', {}, ['placement']],
    ["10 node(s) didn't match pod topology spread constraints.", 'affinity-unsatisfiable', {}, ['placement']],
    ['pod has unbound immediate PersistentVolumeClaims. not found.', 'volume-pending', {}, ['volumes']],
    ["10 node(s) didn't match PersistentVolume's node affinity.", 'volume-pending', {}, ['volumes']],
  ])('since "%s" is %s, and its release is blamed only where that brought it', (words, cause, change, brought) => {
    const context = contextOf({ places: places(change) });
    const found = diagnose(waiting([homeless(words)], ['image']), context);
    expect(found).toMatchObject({ cause, rule: 'heldUp', confidence: 'certain' });
    expect(found.reasons[0]).toContain(words);
    const blamed = diagnose(waiting([homeless(words)], ['image', ...brought]), context);
    expect(blamed).toMatchObject({ cause: 'bad-release', rule: 'releaseHeldUp', others: [{ cause }] });
    expect(blamed.reasons[0]).toContain(`${brought[0]}: one → other`);
    expect(blamed.reasons[0]).not.toContain('image: one → other');
  });

  it('names what is asked for and what there is', () => {
    const reasonOf = (change: Partial<PlacesSeen>) =>
      diagnose(waiting([homeless('10 Insufficient memory.')], ['image']), contextOf({ places: places(change) })).reasons[0];
    expect(reasonOf({ allowed: 7, lacking: [memory] })).toContain(
      'memory 64000 Mi, where none it may run on has more than 16000 Mi (7 of 10 nodes).',
    );
    expect(reasonOf({ taints: ['gpu=yes:NoSchedule'] })).toContain('gpu=yes:NoSchedule');
    expect(reasonOf({ allowed: 0, labels: ['pool=a100'] })).toContain('none of the 10 nodes has the label pool=a100');
  });

  it('is told by the scheduler’s words alone where the nodes cannot be read', () => {
    const unread = { ...QUIET_CONTEXT, places: { kind: 'unreadable', what: 'the nodes', reason: 'forbidden' } as const };
    expect(diagnose(waiting([homeless('10 Insufficient memory.')], ['image']), unread).cause).toBe('nodes-full');
  });

  it('is not told by what preempting others would have done', () => {
    const words = '10 node(s) were odd. preemption: 0/10 nodes are available: 10 Insufficient cpu.';
    expect(diagnose(waiting([homeless(words)], ['image']), QUIET_CONTEXT).cause).toBe('unschedulable');
  });

  it('is never sent where the control plane runs', () => {
    const taints = ['node-role.kubernetes.io/control-plane=:NoSchedule'];
    const context = contextOf({ places: places({ taints, lacking: [memory] }) });
    expect(diagnose(waiting([homeless('10 Insufficient memory.')], ['image']), context).cause).toBe('too-large-for-any-node');
  });

  it('is a rollout that goes on until it has waited for a while', () => {
    const young = homeless('10 Insufficient cpu.', { ageSeconds: 9 });
    expect(diagnose(waiting([young], ['resources']), contextOf({ places: places() })).cause).toBe('rolling-out');
  });

  it.each<[string, Partial<WorkloadEvidence>, readonly PodSeen[]]>([
    ['another pod of it is ready', {}, [readyPod('ranker-2')]],
    [
      'the one before it is not ready either',
      { pods: [{ ...homeless('10 Insufficient cpu.'), release: 'hash-1' }, homeless('10 Insufficient cpu.')] },
      [],
    ],
    ['there is none before it', { releases: [release(2)] }, []],
    ['it is a day old', { releaseAgeSeconds: 100_000 }, []],
  ])('is not the fault of its release where %s', (_case, change, more) => {
    const seen = waiting([homeless('10 Insufficient cpu.'), ...more], ['resources'], change);
    expect(diagnose(seen, contextOf({ places: places() })).cause).toBe('nodes-full');
  });
});

describe('a pod that the API server does not make', () => {
  const QUOTA =
    'pods "ranker-2-x" is forbidden: exceeded quota: compute, requested: requests.memory=2Gi, used: requests.memory=3Gi, limited: requests.memory=4Gi';

  it('is told by the quota that is used up, with what is asked for', () => {
    const found = diagnose(waiting([], ['image'], { createFailure: QUOTA }), QUIET_CONTEXT);
    expect(found).toMatchObject({ cause: 'quota-exhausted', confidence: 'certain' });
    expect(found.reasons[0]).toBe(
      'The quota compute allows no more pods: requests.memory=2Gi is asked for, requests.memory=3Gi of requests.memory=4Gi is used.',
    );
  });

  it('is the fault of a release that asks for more', () => {
    expect(diagnose(waiting([], ['resources'], { createFailure: QUOTA }), QUIET_CONTEXT)).toMatchObject({
      cause: 'bad-release',
      others: [{ cause: 'quota-exhausted' }],
    });
  });

  it('is told by the policy that refuses it', () => {
    const createFailure = 'pods "ranker-2-x" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi';
    expect(diagnose(waiting([], ['image'], { createFailure }), QUIET_CONTEXT)).toMatchObject({
      cause: 'pod-refused',
      reasons: [expect.stringContaining('maximum memory usage')],
    });
  });

  it('is told by a warning about its ReplicaSet while there is no pod at all, and not once there is one', () => {
    const context = contextOf({ events: [warning('ReplicaSet/ranker-2', 'FailedCreate', QUOTA)] });
    expect(diagnose(waiting([], ['image']), context).cause).toBe('quota-exhausted');
    expect(diagnose(waiting([pendingPod('ranker-1')], ['image']), context).cause).toBe('rolling-out');
    const ofAnother = contextOf({ events: [warning('ReplicaSet/ranker-1', 'FailedCreate', QUOTA)] });
    expect(diagnose(waiting([], ['image']), ofAnother).cause).toBe('rolling-out');
  });

  it.each(['StatefulSet', 'DaemonSet'] as const)('is told by a warning about its %s while any is missing', (kind) => {
    const context = contextOf({ events: [warning(`${kind}/ranker`, 'FailedCreate', QUOTA)] });
    const one = { ...waiting([pendingPod('ranker-1')], ['image']), kind };
    expect(diagnose({ ...one, replicasWanted: 3 }, context).cause).toBe('quota-exhausted');
    expect(diagnose({ ...one, replicasWanted: 2 }, context).cause).toBe('rolling-out');
  });
});

describe('a pod that waits for its volume', () => {
  it.each(['FailedAttachVolume', 'FailedMount'])('is told by the warning %s', (reason) => {
    const context = contextOf({ events: [warning('Pod/ranker-1', reason, 'Multi-Attach error for volume "pvc-1"')] });
    expect(diagnose(waiting([startingPod('ranker-1')], ['image']), context)).toMatchObject({
      cause: 'volume-pending',
      reasons: ['A volume of Pod/ranker-1 cannot be had: Multi-Attach error for volume "pvc-1"'],
    });
    expect(diagnose(waiting([startingPod('ranker-1')], ['volumes']), context).cause).toBe('bad-release');
  });

  it('is told by the claim, and by what its provisioner says', () => {
    const claim = reference('PersistentVolumeClaim', 'data', { inPrevious: true });
    const context = contextOf({
      references: [looked(claim, { phase: 'Pending' })],
      events: [warning('PersistentVolumeClaim/data', 'ProvisioningFailed', 'storageclass.storage.k8s.io "fast" not found')],
      places: places(),
    });
    const found = diagnose(waiting([homeless('pod has unbound immediate PersistentVolumeClaims.')], ['image']), context);
    expect(found.reasons[0]).toContain('PersistentVolumeClaim data is Pending. storageclass.storage.k8s.io "fast" not found');
  });
});
