import type { V1Namespace } from '@kubernetes/client-node';
import type { NamespaceState } from '../../../incident/surroundings.ts';
import { handsOff } from './hands-off.ts';
import type { Workload } from './namespace-workloads.ts';

/** @param workloads all of the kinds that are counted */
export function namespaceState({ metadata, status }: V1Namespace, workloads: readonly Workload[]): NamespaceState {
  return {
    optOut: handsOff(metadata?.annotations),
    isTerminating: metadata?.deletionTimestamp !== undefined || status?.phase === 'Terminating',
    workloads: countWorkloads(workloads),
  };
}

/** What wants pods, by itself or through what it owns; what another one of them owns is not counted beside it. */
function countWorkloads(workloads: readonly Workload[]): number {
  const uids = new Set(workloads.map(({ uid }) => uid));
  const wantPods = workloads.filter(({ replicasWanted }) => replicasWanted > 0);
  return workloads.filter(
    (one) =>
      !one.owners.some((owner) => uids.has(owner)) && (wantPods.includes(one) || wantPods.some(({ owners }) => owners.includes(one.uid))),
  ).length;
}
