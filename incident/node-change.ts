/** Whether a node takes new pods. */
export type NodeUse = 'open' | 'cordoned';

/** A pod that is meant, and no later one of its name. */
export interface PodRef {
  readonly name: string;
  readonly uid: string;
}

/**
 * Leaving a node: it is cordoned, and then these pods of the target are evicted from it. Taking that back opens the node again; pods
 * that were moved stay where they are.
 */
export interface NodeChange {
  readonly kind: 'node';
  readonly node: string;
  readonly from: NodeUse;
  readonly to: NodeUse;
  readonly pods: readonly PodRef[];
}

/** A node with what it is used for, as people read it. */
export function nodeUseText({ node, pods }: NodeChange, use: NodeUse): string {
  const names = pods.map(({ name }) => name).join(', ');
  return use === 'open' ? `node ${node} open, with ${names}` : `node ${node} cordoned, without ${names}`;
}
