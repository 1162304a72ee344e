import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { nodeTakes } from './node-takes.ts';
import { type Amounts, amounts, fits, less, requestsOf } from './pod-requests.ts';

/** So many waiting pods are named. */
const NAMED_MAX = 3;

/**
 * Why another pod like this one would find no room if this one were taken away, as a sentence; null where it would. What it frees
 * counts, unless its node takes no pods. Pods of equal or higher priority that wait for a node come first, each on every node it
 * could have: they are what an eviction really makes room for, and each that moves in may push the next one out.
 * @param pods all of the cluster that have not ended
 */
export function noRoomFor(pod: V1Pod, nodes: readonly V1Node[], pods: readonly V1Pod[]): string | null {
  const wanted = requestsOf(pod);
  const others = pods.filter(({ metadata }) => metadata?.uid !== pod.metadata?.uid);
  // Once for all nodes: there may be thousands, with a hundred thousand pods.
  const byNode = Map.groupBy(others, ({ spec }) => spec?.nodeName);
  const taking = nodes.filter((node) => nodeTakes(node, pod));
  const spacious = taking
    .map((node) => ({ node, free: freeOn(node, byNode.get(node.metadata?.name) ?? []) }))
    .filter(({ free }) => fits(wanted, free));
  const claims = claimsBefore(pod, others);
  if (spacious.some(({ node, free }) => fits(wanted, afterClaims(node, free, claims)))) return null;
  const like = `another pod like ${pod.metadata?.name} (${textOf(wanted)})`;
  if (taking.length === 0) return `None of the ${nodes.length} nodes would take ${like}.`;
  if (spacious.length === 0) return `None of the ${taking.length} nodes that would take ${like} has so much free.`;
  const first = claims.slice(0, NAMED_MAX).map(({ pod: { metadata } }) => `${metadata?.namespace}/${metadata?.name}`);
  return `Pods that already wait for a node come before ${like}: ${first.join(', ')}${claims.length > NAMED_MAX ? ' and others' : ''}.`;
}

/** What no pod on the node has asked for. */
export function freeOn(node: V1Node, pods: readonly V1Pod[]): Amounts {
  return pods.map(requestsOf).reduce(less, amounts(node.status?.allocatable));
}

/** A pod that waits for a node, and what it asks for there. */
export interface Claim {
  readonly pod: V1Pod;
  readonly wanted: Amounts;
}

/** Highest priority first. Pods that are held back by a gate do not ask for a node yet. */
export function claimsBefore(pod: V1Pod, others: readonly V1Pod[]): Claim[] {
  return others
    .filter(({ metadata, spec }) => !spec?.nodeName && !metadata?.deletionTimestamp && !spec?.schedulingGates?.length)
    .filter((other) => priorityOf(other) >= priorityOf(pod))
    .sort((one, other) => priorityOf(other) - priorityOf(one))
    .map((other) => ({ pod: other, wanted: requestsOf(other) }));
}

/** What is left of it for others once those have been given what they wait for, had they all chosen this node. */
export function afterClaims(node: V1Node, free: Amounts, claims: readonly Claim[]): Amounts {
  let left = free;
  for (const { pod, wanted } of claims) if (nodeTakes(node, pod) && fits(wanted, left)) left = less(left, wanted);
  return left;
}

function priorityOf({ spec }: V1Pod): number {
  return spec?.priority ?? 0;
}

/** Amounts as people read them. */
export function textOf(wanted: Amounts): string {
  const { pods: _itself, ...resources } = wanted;
  const texts = Object.entries(resources).map(([resource, amount]) =>
    resource === 'memory' ? `memory ${Math.ceil(amount / 1000 / 2 ** 20)} Mi` : `${resource} ${amount / 1000}`,
  );
  return texts.join(', ') || 'which asks for nothing';
}
