import { describe, expect, it } from '@jest/globals';
import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { placesFor } from '../../clients/kubernetes/context/places.ts';

function node(
  name: string,
  change: { memory?: string; gpu?: string; taints?: V1Node['spec']; labels?: Record<string, string>; ready?: boolean } = {},
): V1Node {
  const { memory = '16Gi', gpu, taints = {}, labels = {}, ready = true } = change;
  return {
    metadata: { name, labels },
    spec: taints,
    status: {
      allocatable: { cpu: '8', memory, pods: '110', ...(gpu ? { 'nvidia.com/gpu': gpu } : {}) },
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
}

function pod(requests: Record<string, string>, spec: Partial<V1Pod['spec']> = {}): V1Pod {
  return { metadata: { name: 'ranker-1' }, spec: { containers: [{ name: 'main', resources: { requests } }], ...spec } };
}

const GPU_TAINT = { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] };

describe('where a pod could go that no node takes', () => {
  it('is nowhere where it asks for more than any node has', () => {
    expect(placesFor(pod({ memory: '64Gi', cpu: '1' }), [node('a'), node('b', { memory: '32Gi' })])).toEqual({
      pod: 'ranker-1',
      nodes: 2,
      allowed: 2,
      lacking: [{ resource: 'memory', asks: '65536 Mi', most: '32768 Mi' }],
      taints: [],
      labels: [],
    });
  });

  it('is behind a taint where only such nodes are large enough', () => {
    const nodes = [node('a'), node('b', { gpu: '4', taints: GPU_TAINT })];
    expect(placesFor(pod({ 'nvidia.com/gpu': '1' }), nodes)).toMatchObject({
      allowed: 1,
      lacking: [{ resource: 'nvidia.com/gpu', asks: '1', most: '0' }],
      taints: ['gpu=yes:NoSchedule'],
    });
    expect(placesFor(pod({ memory: '1Gi' }), nodes)).toMatchObject({ lacking: [], taints: [] });
  });

  it('is on no node where none has the label it asks for', () => {
    const nodes = [node('a', { labels: { pool: 'cpu' } }), node('b', { labels: { pool: 'a100' }, ready: false })];
    expect(placesFor(pod({}, { nodeSelector: { pool: 'a100' } }), nodes)).toMatchObject({ allowed: 0, labels: ['pool=a100'] });
    const requiredDuringSchedulingIgnoredDuringExecution = {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['x'] }] }],
    };
    expect(placesFor(pod({}, { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution } } }), nodes)).toMatchObject({
      allowed: 0,
      labels: ['zone=x'],
    });
  });
});
