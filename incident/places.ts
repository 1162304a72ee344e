/** Where a pod that no node takes could go, if at all. */
export interface PlacesSeen {
  /** The pod that was looked at. */
  readonly pod: string;
  /** All nodes of the cluster. */
  readonly nodes: number;
  /** Nodes it may run on: ready, not cordoned, and as its node selector, node affinity and tolerations say. */
  readonly allowed: number;
  /** What it asks for more of than any node has that it may run on, also an empty one. */
  readonly lacking: readonly Lacking[];
  /** Taints it does not tolerate, as `key=value:effect`, of nodes that are large enough and otherwise as it wants them. */
  readonly taints: readonly string[];
  /** What its node selector or node affinity asks for, as `label=value`, where no node has it. */
  readonly labels: readonly string[];
}

export interface Lacking {
  /** Such as `memory` or `nvidia.com/gpu`. */
  readonly resource: string;
  /** In words, such as `64 Gi`. */
  readonly asks: string;
  /** The most that one of these nodes has. */
  readonly most: string;
}
