import type { V1Node } from '@kubernetes/client-node';
import type { Change } from '../../../incident/change.ts';
import type { NodesState } from '../../../incident/surroundings.ts';
import { isReady } from '../workload-seen.ts';
import { afterLeaving } from './after-leaving.ts';

export function nodesState(nodes: readonly V1Node[], change: Change): NodesState {
  const open = afterLeaving(change, nodes).filter((node) => isReady(node) && !node.spec?.unschedulable);
  return { total: nodes.length, ready: nodes.filter(isReady).length, openAfter: open.length };
}
