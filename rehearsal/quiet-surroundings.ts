import type { Change } from '../incident/change.ts';
import { type Evidence, readyPods, servingWorkload } from '../incident/evidence.ts';
import type { Surroundings } from '../incident/surroundings.ts';

/** Surroundings in which nothing keeps from acting, for a target as the evidence shows it. */
export function quietSurroundings(evidence: Evidence, change: Change): Surroundings {
  const { uid, generation } = evidence;
  const workload = servingWorkload(evidence);
  const now = Date.now();
  const ready = readyPods(evidence);
  const read = <T>(value: T) => ({ kind: 'read' as const, value });
  const taken = workload?.pods.find((pod) => change.kind === 'pod' && pod.uid === change.uid && pod.ready);
  return {
    readAtMs: now,
    apiServerMs: read(now),
    object: read({ uid, generation, resourceVersion: String(generation), related: [], optOut: null, managedBy: null, heldByPerson: null }),
    namespace: read({ optOut: null, isTerminating: false, workloads: 10 }),
    nodes: read({ total: 3, ready: 3, openAfter: 2 }),
    replicas: read({
      wanted: workload?.replicasWanted ?? 0,
      ready,
      readyTaken: change.kind === 'pod' ? Number(taken !== undefined) : 0,
      noRoom: null,
      personAtWork: null,
    }),
    metrics: null,
    registry: change.kind === 'modelVersion' || change.kind === 'promotions' ? read(true as const) : null,
  };
}
