import { type Guard, refuse } from '../guard.ts';
import type { Ledger, Sighting } from '../ledger/ledger.ts';
import type { PermitRequest } from '../request.ts';

const LOOK_AGAIN_MS = 60_000;
/** Kubernetes itself stops evicting where more than this share of nodes is not ready. */
const GONE_PERCENT_MAX = 55;
/** Fewer than this vanish without anything being wrong. */
const NOTABLE_COUNT = 4;
const SIGHT_MS = 15 * 60_000;

/** When most of everything is gone at once, what is broken is the eye. */
export const vanished: Guard = ({ request, ledger, nowMs }) => {
  const { nodes } = request.surroundings;
  const waits = (reason: string) => refuse('sight', reason, nowMs + LOOK_AGAIN_MS);
  if (nodes.kind === 'read') {
    const { total, ready } = nodes.value;
    if (total === 0) return waits('The cluster shows no node at all.');
    if (isMost(total - ready, total)) return waits(`${total - ready} of ${total} nodes are not ready: more than one target is in trouble.`);
  }
  for (const { of, count } of countsOf(request)) {
    const before = ledger.sightings.find((one) => one.of === of && nowMs - one.atMs < SIGHT_MS);
    if (before && before.count >= NOTABLE_COUNT && isMost(before.count - count, before.count))
      return waits(`Of ${before.count} ${of} only ${count} are left within minutes; silence is not health.`);
  }
  return null;
};

/** What is no number counts as most: unknown is never yes. */
function isMost(gone: number, of: number): boolean {
  return !(gone * 100 <= of * GONE_PERCENT_MAX);
}

/** The record with what was seen this time; a larger number seen lately stays. */
export function withSightings(ledger: Ledger, request: PermitRequest): Ledger {
  const atMs = ledger.latestMs;
  const sightings = countsOf(request).reduce((soFar: readonly Sighting[], { of, count }) => {
    const before = soFar.find((one) => one.of === of);
    if (before && before.count > count && atMs - before.atMs < SIGHT_MS) return soFar;
    return [...soFar.filter((one) => one.of !== of), { of, count, atMs }];
  }, ledger.sightings);
  return { ...ledger, sightings };
}

function countsOf({
  surroundings: { nodes, namespace },
  target,
}: PermitRequest): readonly { readonly of: string; readonly count: number }[] {
  return [
    ...(nodes.kind === 'read' ? [{ of: 'nodes', count: nodes.value.total }] : []),
    ...(namespace.kind === 'read' ? [{ of: `workloads of namespace ${target.namespace}`, count: namespace.value.workloads }] : []),
  ];
}
