import { describe, expect, it } from '@jest/globals';
import type { V1Node } from '@kubernetes/client-node';
import { noRoomFor } from '../../../clients/kubernetes/surroundings/room.ts';
import { node, pod } from './kubernetes-objects.ts';

const notReady = (one: V1Node): V1Node => ({ ...one, status: { ...one.status, conditions: [{ type: 'Ready', status: 'Unknown' }] } });
const TAINT = { key: 'gpu', value: 'a100', effect: 'NoSchedule' };

describe('a pod that is taken', () => {
  it('finds room in what it frees itself, on an otherwise full cluster', () => {
    const one = pod('ranker-1', 'node-1', { cpu: '3' });
    expect(noRoomFor(one, [node('node-1')], [one, pod('other', 'node-1', { cpu: '1' })])).toBeNull();
  });

  it('finds none where its node is cordoned and nothing else has so much free', () => {
    const one = pod('ranker-1', 'node-1', { cpu: '3', memory: '1Gi' });
    const nodes = [node('node-1', {}, { unschedulable: true }), node('node-2')];
    expect(noRoomFor(one, nodes, [one])).toBeNull();
    expect(noRoomFor(one, nodes, [one, pod('other', 'node-2', { cpu: '1500m' })])).toBe(
      'None of the 1 nodes that would take another pod like ranker-1 (cpu 3, memory 1024 Mi) has so much free.',
    );
  });

  it('finds none where its node is not ready', () => {
    const one = pod('ranker-1', 'node-1', { cpu: '1' });
    expect(noRoomFor(one, [notReady(node('node-1'))], [one])).toBe('None of the 1 nodes would take another pod like ranker-1 (cpu 1).');
  });

  it('needs a device that a node really has free', () => {
    const one = pod('ranker-1', 'node-1', { 'nvidia.com/gpu': '1' });
    const nodes = [
      node('node-1', { 'nvidia.com/gpu': '1' }, { unschedulable: true }),
      node('node-2'),
      node('node-3', { 'nvidia.com/gpu': '2' }),
    ];
    expect(noRoomFor(one, nodes, [one])).toBeNull();
    expect(noRoomFor(one, nodes, [one, pod('other', 'node-3', { 'nvidia.com/gpu': '2' })])).toContain('nvidia.com/gpu 1');
  });

  it('counts against the number of pods a node takes', () => {
    const one = pod('ranker-1', 'node-1', {});
    expect(noRoomFor(one, [node('node-1', { pods: '1' }, {})], [one])).toBeNull();
    expect(noRoomFor(one, [node('node-1', { pods: '1' }, {})], [one, pod('other', 'node-1', {})])).toContain('which asks for nothing');
  });

  it('goes only where its selector, its required affinity and its tolerations let it', () => {
    const labelled = (name: string, zone: string): V1Node => ({ ...node(name), metadata: { name, labels: { zone } } });
    const nodes = [labelled('node-1', 'a'), node('node-2', {}, { taints: [TAINT] })];
    const zone = (values: string[], operator = 'In') => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator, values }] }] },
      },
    });
    const room = (spec: object) => noRoomFor(pod('ranker-1', null, {}, spec), nodes, []) === null;
    expect(room({ nodeSelector: { zone: 'a' } })).toBe(true);
    expect(room({ nodeSelector: { zone: 'b' } })).toBe(false);
    expect(room({ affinity: zone(['a']) })).toBe(true);
    expect(room({ affinity: zone(['b']) })).toBe(false);
    expect(room({ affinity: zone(['a'], 'NotIn') })).toBe(false);
    const tolerations = [{ key: 'gpu', operator: 'Equal', value: 'a100', effect: 'NoSchedule' }];
    expect(room({ affinity: zone(['a'], 'NotIn'), tolerations })).toBe(true);
    expect(room({ affinity: zone(['a'], 'NotIn'), tolerations: [{ operator: 'Exists' }] })).toBe(true);
    expect(room({ affinity: zone(['a'], 'NotIn'), tolerations: [{ ...tolerations[0], value: 'h100' }] })).toBe(false);
    expect(room({ affinity: zone(['a'], 'NotIn'), tolerations: [{ ...tolerations[0], effect: 'NoExecute' }] })).toBe(false);
  });

  it('finds none where pods that wait already would take what it frees', () => {
    const one = pod('ranker-1', 'node-1', { cpu: '3' });
    const waiting = pod('batch-1', null, { cpu: '2' });
    expect(noRoomFor(one, [node('node-1')], [one, waiting])).toBe(
      'Pods that already wait for a node come before another pod like ranker-1 (cpu 3): ml/batch-1.',
    );
  });

  it('does not stand behind waiting pods of lower priority, held-back ones, or ones that fit nowhere', () => {
    const one = pod('ranker-1', 'node-1', { cpu: '3' }, { priority: 100 });
    const room = (requests: Record<string, string>, spec: object) =>
      noRoomFor(one, [node('node-1')], [one, pod('batch-1', null, requests, spec)]) === null;
    expect(room({ cpu: '2' }, { priority: 100 })).toBe(false);
    expect(room({ cpu: '2' }, { priority: 99 })).toBe(true);
    expect(room({ cpu: '2' }, { priority: 100, schedulingGates: [{ name: 'quota' }] })).toBe(true);
    expect(room({ cpu: '5' }, { priority: 100 })).toBe(true);
  });

  it('needs as much as its start does, where that is more than its life', () => {
    const start = { initContainers: [{ name: 'fetch', resources: { requests: { cpu: '4' } } }] };
    const sidecar = { initContainers: [{ name: 'proxy', restartPolicy: 'Always', resources: { requests: { cpu: '2' } } }] };
    const room = (spec: object) => noRoomFor(pod('ranker-1', null, { cpu: '3' }, spec), [node('node-1')], []) === null;
    expect(room({})).toBe(true);
    expect(room(start)).toBe(true);
    expect(room({ initContainers: [...sidecar.initContainers, ...start.initContainers] })).toBe(false);
    expect(room(sidecar)).toBe(false);
    const big = [{ name: 'proxy', restartPolicy: 'Always', resources: { requests: { cpu: '3' } } }];
    expect(noRoomFor(pod('ranker-1', null, { cpu: '1' }, { initContainers: big }), [node('node-1')], [])).toBeNull();
    expect(room({ overhead: { cpu: '1500m' } })).toBe(false);
  });

  it('is not guessed about where an amount cannot be understood', () => {
    expect(() => noRoomFor(pod('ranker-1', null, { cpu: 'plenty' }), [node('node-1')], [])).toThrow(
      'Cannot tell how much "plenty" is: it is no Kubernetes quantity.',
    );
  });
});
