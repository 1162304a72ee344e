import type { V1Node } from '@kubernetes/client-node';
import type { NodesState } from '../../../incident/surroundings.ts';
import { isReady } from '../workload-seen.ts';

export function nodesState(nodes: readonly V1Node[]): NodesState {
  return { total: nodes.length, ready: nodes.filter(isReady).length };
}
