/** How a change of its template reaches the pods of a workload. */
export interface Rollout {
  /** Only a pod that somebody takes away is made anew from it (`OnDelete`). */
  readonly byHand: boolean;
  /** It waits for each pod to be ready, so that one which fails is never replaced: `OrderedReady` of a StatefulSet. */
  readonly waitsForFailing: boolean;
  /** So many pods a partition keeps at an earlier release. */
  readonly kept: number;
}

/** So many pods are to be of the newest release once it is rolled out. */
export function dueOf({ replicasWanted, rollout }: { readonly replicasWanted: number; readonly rollout: Rollout }): number {
  return rollout.byHand ? 0 : Math.max(0, replicasWanted - rollout.kept);
}

/** Pods that fail outlast a change of the template, until somebody takes them away. */
export function leavesFailing({ byHand, waitsForFailing }: Rollout): boolean {
  return byHand || waitsForFailing;
}
