import { describe, expect, it } from '@jest/globals';
import { findsNoRoom } from '../../clients/kubernetes/displaced-pods.ts';

const waiting = (message: string) => ({
  status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] },
});

describe('a pod that no node takes', () => {
  it.each([
    [
      'another one takes the room',
      '0/2 nodes are available: 2 Insufficient memory. preemption: 0/2 nodes are available: 2 No preemption victims.',
    ],
    ['its node was closed', '0/2 nodes are available: 1 node(s) had untolerated taint {gpu: }, 1 node(s) were unschedulable.'],
    ['the nodes have as many pods as they may', '0/1 nodes are available: 1 Too many pods.'],
    ['it may not be where the others are', "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules."],
    ['nothing is said of why', ''],
  ])('has lost its place where %s', (_case, message) => {
    expect(findsNoRoom(waiting(message))).toBe(true);
  });

  it.each([
    ['a label', "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available."],
    ['a taint', '0/3 nodes are available: 1 node(s) had untolerated taint {gpu: }, 2 node(s) had untolerated taint {edge: }.'],
    ['a claim', '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/2 nodes are available.'],
    ['a claim that is nowhere', '0/2 nodes are available: persistentvolumeclaim "data" not found.'],
    [
      'a volume',
      "0/2 nodes are available: 1 node(s) didn't find available persistent volumes to bind, 1 node(s) had volume node affinity conflict.",
    ],
  ])('has lost it to nobody where it wants %s that no node has', (_case, message) => {
    expect(findsNoRoom(waiting(message))).toBe(false);
  });

  it('is none that merely waits', () => {
    expect(findsNoRoom({ status: { conditions: [] } })).toBe(false);
  });
});
