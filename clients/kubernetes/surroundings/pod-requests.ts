import type { V1Container, V1Pod } from '@kubernetes/client-node';
import { thousandths } from './quantity.ts';

/** Amounts of resources such as `cpu`, `memory` or `nvidia.com/gpu`, in thousandths. */
export type Amounts = Readonly<Record<string, number>>;

/** What a node must have free for a pod, as the scheduler reckons; the pod itself is one of `pods`. */
export function requestsOf({ spec }: V1Pod): Amounts {
  let sidecars: Amounts = {};
  let starting: Amounts = {};
  for (const container of spec?.initContainers ?? []) {
    // An init container that stays runs beside all that come after it; any other is gone before the next begins.
    if (container.restartPolicy === 'Always') sidecars = sum(sidecars, requested(container));
    starting = most(starting, container.restartPolicy === 'Always' ? sidecars : sum(sidecars, requested(container)));
  }
  const running = (spec?.containers ?? []).map(requested).reduce(sum, sidecars);
  const ofPod = amounts(spec?.resources?.requests);
  return { ...sum({ ...most(starting, running), ...ofPod }, amounts(spec?.overhead)), pods: 1000 };
}

export function amounts(quantities: Readonly<Record<string, string>> | undefined): Amounts {
  return Object.fromEntries(Object.entries(quantities ?? {}).map(([resource, quantity]) => [resource, thousandths(quantity)]));
}

export function less(from: Amounts, taken: Amounts): Amounts {
  return sum(from, Object.fromEntries(Object.entries(taken).map(([resource, amount]) => [resource, -amount])));
}

/** What a node does not name, it does not have. */
export function fits(wanted: Amounts, free: Amounts): boolean {
  return Object.entries(wanted).every(([resource, amount]) => amount <= 0 || amount <= (free[resource] ?? 0));
}

function requested({ resources }: V1Container): Amounts {
  return amounts(resources?.requests);
}

function sum(one: Amounts, other: Amounts): Amounts {
  return combined(one, other, (a, b) => a + b);
}

function most(one: Amounts, other: Amounts): Amounts {
  return combined(one, other, Math.max);
}

function combined(one: Amounts, other: Amounts, combine: (a: number, b: number) => number): Amounts {
  const resources = [...Object.keys(one), ...Object.keys(other)];
  return Object.fromEntries(resources.map((resource) => [resource, combine(one[resource] ?? 0, other[resource] ?? 0)]));
}
