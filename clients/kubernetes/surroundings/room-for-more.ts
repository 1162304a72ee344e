import type { V1Node, V1Pod, V1ResourceQuota } from '@kubernetes/client-node';
import type { Room } from '../../../incident/scaling.ts';
import { nodeTakes } from './node-takes.ts';
import { type Amounts, amounts, requestsOf } from './pod-requests.ts';
import { thousandths } from './quantity.ts';
import { afterClaims, claimsBefore, freeOn, textOf } from './room.ts';

/** Nobody needs to know of more. */
const MORE_MAX = 1_000;

/**
 * How many more pods like this one the nodes and the quotas of its namespace could take now. What waits for a node with equal or higher
 * priority comes first, on every node it could have; how pods are spread or kept apart is not looked at.
 * @param pods all of the cluster that have not ended
 */
export function roomForMore(pod: V1Pod, nodes: readonly V1Node[], pods: readonly V1Pod[], quotas: readonly V1ResourceQuota[]): Room {
  const wanted = requestsOf(pod);
  const byNode = Map.groupBy(pods, ({ spec }) => spec?.nodeName);
  const claims = claimsBefore(pod, pods);
  const taking = nodes.filter((node) => nodeTakes(node, pod));
  const onNodes = taking.reduce(
    (sum, node) => sum + timesIn(wanted, afterClaims(node, freeOn(node, byNode.get(node.metadata?.name) ?? []), claims)),
    0,
  );
  const ofNodes: Room = {
    more: onNodes,
    limitedBy: `The ${taking.length} nodes that would take a pod like ${pod.metadata?.name} (${textOf(wanted)}) have room for ${onNodes} more.`,
  };
  return [ofNodes, ...quotas.flatMap((quota) => roomInQuota(pod, quota))].reduce((least, room) => (room.more < least.more ? room : least));
}

/** Room under each of a quota's bounds that the pod counts against. */
function roomInQuota(pod: V1Pod, { metadata, spec, status }: V1ResourceQuota): Room[] {
  // One for pods that end counts none that stay.
  if (spec?.scopes?.includes('Terminating') && pod.spec?.activeDeadlineSeconds === undefined) return [];
  return Object.entries(status?.hard ?? spec?.hard ?? {}).flatMap(([resource, hard]) => {
    const each = countedAs(pod, resource);
    if (each <= 0) return [];
    const used = status?.used?.[resource] ?? '0';
    const more = Math.max(0, Math.floor((thousandths(hard) - thousandths(used)) / each));
    return [
      { more, limitedBy: `Quota ${metadata?.name} has ${used} of ${hard} ${resource} in use, which leaves room for ${more} more pods.` },
    ];
  });
}

/** How much one pod counts against a resource of a quota, in thousandths; nothing where it is none of pods. */
function countedAs(pod: V1Pod, resource: string): number {
  if (resource === 'pods' || resource === 'count/pods') return 1000;
  const requests = requestsOf(pod);
  if (resource.startsWith('requests.')) return requests[resource.slice('requests.'.length)] ?? 0;
  if (resource.startsWith('limits.')) return limitsOf(pod)[resource.slice('limits.'.length)] ?? 0;
  return requests[resource] ?? 0;
}

function limitsOf({ spec }: V1Pod): Amounts {
  const total: Record<string, number> = {};
  for (const { resources } of spec?.containers ?? [])
    for (const [resource, amount] of Object.entries(amounts(resources?.limits))) total[resource] = (total[resource] ?? 0) + amount;
  return total;
}

/** What a node does not name, it does not have. */
function timesIn(wanted: Amounts, free: Amounts): number {
  const each = Object.entries(wanted).filter(([, amount]) => amount > 0);
  return Math.max(0, Math.min(MORE_MAX, ...each.map(([resource, amount]) => Math.floor((free[resource] ?? 0) / amount))));
}
