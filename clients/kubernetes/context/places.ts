import type { ConfigurationOptions, CoreV1Api, V1Node, V1Pod } from '@kubernetes/client-node';
import type { Lacking, PlacesSeen } from '../../../incident/places.ts';
import { isOpen, selectsNode, untolerated } from '../surroundings/node-takes.ts';
import { type Amounts, amounts, fits, requestsOf } from '../surroundings/pod-requests.ts';

const TOLD_MAX = 5;

/** Where the pod of this name could go. */
export async function placesSeen(core: CoreV1Api, namespace: string, name: string, options: ConfigurationOptions): Promise<PlacesSeen> {
  const [pod, { items }] = await Promise.all([core.readNamespacedPod({ namespace, name }, options), core.listNode({}, options)]);
  return placesFor(pod, items);
}

export function placesFor(pod: V1Pod, nodes: readonly V1Node[]): PlacesSeen {
  const wanted = requestsOf(pod);
  const open = nodes.filter(isOpen);
  const selected = open.filter((node) => selectsNode(node, pod));
  const allowed = selected.filter((node) => untolerated(node, pod).length === 0);
  const largeEnough = (node: V1Node) => fits(wanted, amounts(node.status?.allocatable));
  const behindTaints = allowed.some(largeEnough) ? [] : selected.filter(largeEnough);
  const taints = behindTaints.flatMap((node) => untolerated(node, pod)).map(({ key, value = '', effect }) => `${key}=${value}:${effect}`);
  return {
    pod: pod.metadata?.name ?? '',
    nodes: nodes.length,
    allowed: allowed.length,
    lacking: allowed.length === 0 || allowed.some(largeEnough) ? [] : lackingOn(wanted, allowed),
    taints: [...new Set(taints)].slice(0, TOLD_MAX),
    labels: labelsNowhere(pod, open).slice(0, TOLD_MAX),
  };
}

/** Where no single resource is short, a node would have to have all of them together. */
function lackingOn(wanted: Amounts, nodes: readonly V1Node[]): Lacking[] {
  const has = nodes.map(({ status }) => amounts(status?.allocatable));
  return Object.entries(wanted).flatMap(([resource, amount]) => {
    const most = Math.max(0, ...has.map((one) => one[resource] ?? 0));
    return amount > most ? [{ resource, asks: amountText(resource, amount), most: amountText(resource, most) }] : [];
  });
}

function labelsNowhere({ spec }: V1Pod, nodes: readonly V1Node[]): string[] {
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const byAffinity = terms.flatMap(({ matchExpressions = [] }) =>
    matchExpressions.flatMap(({ key, operator, values = [] }) => (operator === 'In' ? values.map((value) => [key, value] as const) : [])),
  );
  return [...Object.entries(spec?.nodeSelector ?? {}), ...byAffinity]
    .filter(([label, value]) => !nodes.some(({ metadata }) => metadata?.labels?.[label] === value))
    .map(([label, value]) => `${label}=${value}`);
}

const MEBIBYTE = 2 ** 20;

function amountText(resource: string, amount: number): string {
  if (resource === 'memory' || resource === 'ephemeral-storage') return `${Math.round(amount / 1000 / MEBIBYTE)} Mi`;
  return String(amount / 1000);
}
