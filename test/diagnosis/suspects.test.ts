import { describe, expect, it } from '@jest/globals';
import { suspectsOf } from '../../diagnosis/suspects.ts';
import { BAD_URI, evidence, failingModelServer, modelServer, pendingPod, readyPod, sickPod } from '../evidence.ts';

describe('suspects', () => {
  it('are node, zone and image of the pods that fail, each once and in one order, and nothing of those that are well', () => {
    const pods = [
      { ...readyPod('ranker-1'), node: 'well', zone: 'well' },
      { ...sickPod({ name: 'ranker-2' }), node: 'b', zone: 'z' },
      { ...sickPod({ name: 'ranker-3' }), node: 'a', zone: 'z' },
    ];
    const all = [
      { kind: 'node', name: 'a' },
      { kind: 'node', name: 'b' },
      { kind: 'zone', name: 'z' },
      { kind: 'image', name: 'ranker:2' },
    ];
    expect(suspectsOf(evidence({ pods }))).toEqual(all);
    expect(suspectsOf(evidence({ pods: pods.toReversed() }))).toEqual(all);
    expect(suspectsOf(evidence({}))).toEqual([]);
  });

  it('are only the images of the containers that fail', () => {
    const [failing] = sickPod({}).containers;
    const [well] = readyPod('').containers;
    const pod = { ...sickPod({}), containers: [failing!, { ...well!, image: 'sidecar:1' }] };
    expect(suspectsOf(evidence({ pods: [pod] }))).toContainEqual({ kind: 'image', name: 'ranker:2' });
    expect(suspectsOf(evidence({ pods: [pod] }))).not.toContainEqual({ kind: 'image', name: 'sidecar:1' });
  });

  it('are no images where no container has had its turn: no node takes the pod, or it is only starting', () => {
    expect(suspectsOf(evidence({ pods: [pendingPod('ranker-1', '0/3 nodes are available.')] }))).toEqual([]);
    expect(suspectsOf(evidence({ pods: [sickPod({ waiting: 'ContainerCreating', exit: null })] }))).toEqual([
      { kind: 'node', name: 'node-1' },
    ]);
  });

  it('are the node alone where the containers are well and their pod is not', () => {
    expect(suspectsOf(evidence({ pods: [{ ...readyPod('ranker-1'), ready: false }] }))).toEqual([{ kind: 'node', name: 'node-1' }]);
  });

  it('are the model version that a failing model server wants, or its address where the registry has no such version', () => {
    expect(suspectsOf(failingModelServer())).toContainEqual({ kind: 'modelVersion', name: 'churn/2' });
    expect(suspectsOf(failingModelServer({ served: { wanted: 's3://elsewhere' } }))).toContainEqual({
      kind: 'modelVersion',
      name: 's3://elsewhere',
    });
    expect(suspectsOf(modelServer({}))).toEqual([]);
  });

  it('are the registry where it cannot be read, and not where there is none', () => {
    const suspect = { kind: 'registry', name: 'the model registry' };
    const registry = (kind: 'unreadable' | 'absent') => suspectsOf(failingModelServer({ served: { registry: { kind, reason: 'x' } } }));
    expect(registry('unreadable')).toEqual(expect.arrayContaining([suspect, { kind: 'modelVersion', name: BAD_URI }]));
    expect(registry('absent')).not.toContainEqual(suspect);
  });
});
