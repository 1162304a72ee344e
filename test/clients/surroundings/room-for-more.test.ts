import { describe, expect, it } from '@jest/globals';
import type { V1Node, V1Pod, V1ResourceQuota } from '@kubernetes/client-node';
import { roomForMore } from '../../../clients/kubernetes/surroundings/room-for-more.ts';

const READY = [{ type: 'Ready', status: 'True' }];

function node(name: string, allocatable: Record<string, string>): V1Node {
  return { metadata: { name }, status: { conditions: READY, allocatable: { pods: '110', ...allocatable } } };
}

function pod(name: string, requests: Record<string, string>, nodeName: string | undefined = 'a', more: object = {}): V1Pod {
  return {
    metadata: { name, uid: name, namespace: 'ml' },
    spec: { containers: [{ name: 'main', resources: { requests, limits: requests } }], ...(nodeName ? { nodeName } : {}), ...more },
  };
}

function quota(hard: Record<string, string>, used: Record<string, string>, scopes?: string[]): V1ResourceQuota {
  return { metadata: { name: 'team' }, spec: { hard, ...(scopes ? { scopes } : {}) }, status: { hard, used } };
}

const like = pod('ranker-1', { cpu: '2' });
const nodes = [node('a', { cpu: '8' }), node('b', { cpu: '5' })];
const moreWith = (quotas: V1ResourceQuota[], others: V1Pod[] = []) => roomForMore(like, nodes, [like, ...others], quotas);

describe('roomForMore()', () => {
  it('counts whole pods on every node that would take them, and says so', () => {
    expect(moreWith([])).toEqual({
      more: 5,
      limitedBy: 'The 2 nodes that would take a pod like ranker-1 (cpu 2) have room for 5 more.',
    });
  });

  it('leaves to others what they have and what they wait for', () => {
    expect(moreWith([], [pod('batch', { cpu: '4' }, 'b')]).more).toBe(3);
    expect(moreWith([], [pod('waits', { cpu: '4' }, '')]).more).toBe(1);
    expect(moreWith([], [pod('waits', { cpu: '4' }, '', { priority: -1 })]).more).toBe(5);
  });

  it('has none on a node without the device, nor for a pod that fits nowhere', () => {
    const gpu = pod('vision', { 'nvidia.com/gpu': '1' });
    expect(roomForMore(gpu, nodes, [], []).more).toBe(0);
    expect(roomForMore(pod('huge', { cpu: '9' }), nodes, [], []).more).toBe(0);
  });

  it.each<[string, Record<string, string>, Record<string, string>, number]>([
    ['pods', { pods: '3' }, { pods: '2' }, 1],
    ['pods by count', { 'count/pods': '2' }, { 'count/pods': '2' }, 0],
    ['requests', { 'requests.cpu': '7500m' }, { 'requests.cpu': '2' }, 2],
    ['requests by their short name', { cpu: '6' }, { cpu: '2' }, 2],
    ['limits', { 'limits.cpu': '4' }, { 'limits.cpu': '2' }, 1],
    ['what is used beyond the quota', { pods: '1' }, { pods: '2' }, 0],
    ['what a pod has nothing of', { 'requests.memory': '1Gi', services: '0' }, {}, 5],
  ])('keeps within a quota of %s', (_case, hard, used, more) => {
    expect(moreWith([quota(hard, used)]).more).toBe(more);
  });

  it('names the quota that runs out first, and leaves one for pods that end aside', () => {
    const tight = quota({ pods: '2' }, { pods: '1' });
    expect(moreWith([quota({ 'requests.cpu': '20' }, {}), tight]).limitedBy).toBe(
      'Quota team has 1 of 2 pods in use, which leaves room for 1 more pods.',
    );
    expect(moreWith([quota({ pods: '0' }, {}, ['Terminating'])]).more).toBe(5);
  });
});
