import { describe, expect, it } from '@jest/globals';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { PodSeen, WorkloadEvidence } from '../../incident/evidence.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { contextOf } from '../diagnosis/seen.ts';
import { evidence, modelServer, pendingPod, readyPod, sickPod } from '../evidence.ts';
import { remedyLimits } from '../remedy-limits.ts';

const limits = remedyLimits();
const on = (node: string, pod: PodSeen): PodSeen => ({ ...pod, node });
const sick = on('n1', sickPod({}));
const sibling = on('n2', readyPod('ranker-2'));
const plan = (pods: readonly PodSeen[], node = limits.node, change: Partial<WorkloadEvidence> = {}) =>
  planRemedy('leaveNode', evidence({ pods, ...change }), { ...limits, node }, QUIET_CONTEXT);

describe('leaveNode', () => {
  it('cordons the node and evicts the pods that fail on it, and none that is ready', () => {
    const second = on('n1', sickPod({ name: 'ranker-3' }));
    const well = on('n1', readyPod('ranker-4'));
    expect(plan([sick, second, well, sibling])).toEqual({
      kind: 'change',
      change: {
        ...{ kind: 'node', node: 'n1', from: 'open', to: 'cordoned' },
        pods: [
          { name: 'ranker-1', uid: 'uid-ranker-1' },
          { name: 'ranker-3', uid: 'uid-ranker-3' },
        ],
      },
      why: 'All 2 failing pods are on n1; they are made anew on other nodes.',
    });
  });

  it('takes the pods of a node that does not answer, though no other is there', () => {
    const lost = { ...on('n1', readyPod('ranker-1')), ready: false };
    expect(plan([lost])).toMatchObject({ change: { node: 'n1', pods: [{ name: 'ranker-1' }] } });
  });

  it('takes pods whose GPUs have failed, though no other is there', () => {
    const fault = { node: 'n1', gpu: '3', xid: 79, pod: 'ranker-1', secondsAgo: 60 };
    const told = (change: object) => contextOf({ gpuFaults: [{ ...fault, ...change }] });
    const planned = (change: object) => planRemedy('leaveNode', evidence({ pods: [sick] }), limits, told(change));
    expect(planned({})).toMatchObject({ change: { node: 'n1', pods: [{ name: 'ranker-1' }] } });
    for (const unproved of [{ pod: null }, { xid: 31 }, { xid: 94 }, { node: 'n2' }]) expect(planned(unproved).kind).toBe('unusable');
  });

  it('is for the pods of a model server, too', () => {
    const planned = planRemedy('leaveNode', modelServer({ workload: evidence({ pods: [sick, sibling] }) }), limits, QUIET_CONTEXT);
    expect(planned).toMatchObject({ change: { kind: 'node', node: 'n1' } });
  });

  it.each<[string, readonly PodSeen[], string]>([
    ['no pod fails', [sibling], 'No failing pod is on a node.'],
    ['the pods merely begin', [pendingPod('ranker-1')], 'No failing pod is on a node.'],
    ['pods fail on two nodes', [sick, on('n3', sickPod({ name: 'ranker-3' })), sibling], 'on n1 and n3; more than one node is never left'],
    ['no pod is ready elsewhere', [sick, on('n1', readyPod('ranker-2'))], 'nothing proves that n1 is at fault'],
    ['only pods of another release are ready elsewhere', [sick, on('n2', readyPod('ranker-2', 1))], 'nothing proves that n1 is at fault'],
  ])('is not used when %s', (_case, pods, reason) => {
    expect(plan(pods)).toEqual({ kind: 'unusable', reason: expect.stringContaining(reason) });
  });

  it('is not for a DaemonSet, whose pods come back where they were', () => {
    expect(plan([sick, sibling], limits.node, { kind: 'DaemonSet' })).toEqual({
      kind: 'unusable',
      reason: 'A pod of a DaemonSet comes back on the node that it leaves; look at the node itself.',
    });
  });

  it('moves pods of a StatefulSet only from a node that answers, and with no volume that may stay there', () => {
    const ofSet = { kind: 'StatefulSet' } as const;
    expect(plan([sick, sibling], limits.node, ofSet)).toMatchObject({ change: { node: 'n1' } });
    const lost = { ...on('n1', readyPod('ranker-1')), ready: false };
    expect(plan([lost, sibling], limits.node, ofSet)).toEqual({
      kind: 'unusable',
      reason: 'n1 does not answer, and a pod of a StatefulSet is made anew only once it is certain that it has ended; it is never forced.',
    });
    expect(plan([{ ...sick, claims: ['data-ranker-1'] }, sibling], limits.node, ofSet)).toEqual({
      kind: 'unusable',
      reason: 'ranker-1 has volumes (data-ranker-1) that may not follow it to another node.',
    });
  });

  it('brings no pod to a release that is rolled out by hand and has not reached it', () => {
    const rollout = { byHand: true, waitsForFailing: false, kept: 0 };
    const old = [on('n1', sickPod({ revision: 1 })), on('n2', readyPod('ranker-2', 1))];
    expect(plan(old, limits.node, { kind: 'StatefulSet', rollout })).toMatchObject({
      reason: expect.stringContaining('would come back with revision 2'),
    });
  });

  it('loses what is in an emptyDir only where the runbook says so', () => {
    const keeper = { ...sick, emptyDirs: ['scratch'] };
    expect(plan([keeper, sibling])).toEqual({
      ...{ kind: 'unusable' },
      reason:
        'ranker-1 has an emptyDir volume (scratch), and what is in it would be lost; the runbook does not allow that (node.evictEmptyDir).',
    });
    expect(plan([keeper, sibling], { evictEmptyDir: true })).toMatchObject({ change: { node: 'n1' } });
    expect(plan([sick, { ...sibling, emptyDirs: ['scratch'] }])).toMatchObject({ change: { node: 'n1' } });
  });
});
