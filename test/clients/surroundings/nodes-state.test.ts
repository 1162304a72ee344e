import { describe, expect, it } from '@jest/globals';
import { nodesState } from '../../../clients/kubernetes/surroundings/nodes-state.ts';
import type { Change } from '../../../incident/change.ts';
import type { NodeUse } from '../../../incident/node-change.ts';
import { node } from './kubernetes-objects.ts';

const leaving = (to: NodeUse): Change => ({ kind: 'node', node: 'n1', from: to === 'open' ? 'cordoned' : 'open', to, pods: [] });
const away = { ...node('n1'), status: {} };

describe('the nodes that are left to take pods', () => {
  it('are those that are ready and not cordoned, without the one that is left', () => {
    const nodes = [node('n1'), node('n2'), node('n3', {}, { unschedulable: true })];
    expect(nodesState(nodes, leaving('cordoned'))).toEqual({ total: 3, ready: 3, openAfter: 1 });
    expect(nodesState(nodes, leaving('open')).openAfter).toBe(2);
    expect(nodesState(nodes, { kind: 'pod', name: 'a', uid: 'u' }).openAfter).toBe(2);
  });

  it('are not fewer for one that was not ready', () => {
    expect(nodesState([away, node('n2')], leaving('cordoned'))).toEqual({ total: 2, ready: 1, openAfter: 1 });
  });
});
