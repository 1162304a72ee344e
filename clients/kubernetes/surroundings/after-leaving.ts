import type { V1Node } from '@kubernetes/client-node';
import type { Change } from '../../../incident/change.ts';

/** The nodes as they are once the change is made: one that is left takes no pods. */
export function afterLeaving(change: Change, nodes: readonly V1Node[]): readonly V1Node[] {
  if (change.kind !== 'node' || change.to === 'open') return nodes;
  return nodes.map((node) => (node.metadata?.name === change.node ? { ...node, spec: { ...node.spec, unschedulable: true } } : node));
}
