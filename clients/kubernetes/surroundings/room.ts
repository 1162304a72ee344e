import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { nodeTakes } from './node-takes.ts';
import { type Amounts, amounts, fits, less, requestsOf } from './pod-requests.ts';

/**
 * Why another pod like this one would find no room if this one were taken away, as a sentence; null where it would. What it frees
 * counts, unless its node takes no pods. Pods of equal or higher priority that wait for a node come first, each on every node it
 * could have: they are what an eviction really makes room for, and each that moves in may push the next one out.
 * @param pods all of the cluster that have not ended
 */
export function noRoomFor(pod: V1Pod, nodes: readonly V1Node[], pods: readonly V1Pod[]): string | null {
  const wanted = requestsOf(pod);
  const others = pods.filter(({ metadata }) => metadata?.uid !== pod.metadata?.uid);
  const taking = nodes.filter((node) => nodeTakes(node, pod));
  const spacious = taking.map((node) => ({ node, free: freeOn(node, others) })).filter(({ free }) => fits(wanted, free));
  const claims = waitingFor(pod, others);
  if (spacious.some(({ node, free }) => fits(wanted, afterClaims(node, free, claims)))) return null;
  const like = `another pod like ${pod.metadata?.name} (${textOf(wanted)})`;
  if (taking.length === 0) return `None of the ${nodes.length} nodes would take ${like}.`;
  if (spacious.length === 0) return `None of the ${taking.length} nodes that would take ${like} has so much free.`;
  return `Pods that already wait for a node come before ${like}: ${claims.map(nameOf).slice(0, 3).join(', ')}${claims.length > 3 ? ' and others' : ''}.`;
}

function freeOn(node: V1Node, pods: readonly V1Pod[]): Amounts {
  const there = pods.filter(({ spec }) => spec?.nodeName === node.metadata?.name);
  return there.map(requestsOf).reduce(less, amounts(node.status?.allocatable));
}

/** Highest priority first. Pods that are held back by a gate do not ask for a node yet. */
function waitingFor(pod: V1Pod, others: readonly V1Pod[]): V1Pod[] {
  return others
    .filter(({ metadata, spec }) => !spec?.nodeName && !metadata?.deletionTimestamp && !spec?.schedulingGates?.length)
    .filter((other) => priorityOf(other) >= priorityOf(pod))
    .sort((one, other) => priorityOf(other) - priorityOf(one));
}

function afterClaims(node: V1Node, free: Amounts, claims: readonly V1Pod[]): Amounts {
  let left = free;
  for (const claim of claims) {
    const wanted = requestsOf(claim);
    if (nodeTakes(node, claim) && fits(wanted, left)) left = less(left, wanted);
  }
  return left;
}

function priorityOf({ spec }: V1Pod): number {
  return spec?.priority ?? 0;
}

function nameOf({ metadata }: V1Pod): string {
  return `${metadata?.namespace}/${metadata?.name}`;
}

function textOf(wanted: Amounts): string {
  const { pods: _itself, ...resources } = wanted;
  const texts = Object.entries(resources).map(([resource, amount]) =>
    resource === 'memory' ? `memory ${Math.ceil(amount / 1000 / 2 ** 20)} Mi` : `${resource} ${amount / 1000}`,
  );
  return texts.join(', ') || 'which asks for nothing';
}
