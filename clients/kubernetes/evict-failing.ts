import { setTimeout as pause } from 'node:timers/promises';
import type { AppsV1Api, CoreV1Api, V1Pod } from '@kubernetes/client-node';
import type { PodRef } from '../../incident/node-change.ts';
import { evictEach, evictPod } from './evict-pod.ts';
import { readWorkload, releaseHashOf, type WorkloadName, type WorkloadRead } from './read-workload.ts';
import { countsOf, firstReached } from './rollouts.ts';
import { isReady } from './workload-seen.ts';

const SEEN_TRIES_MAX = 40;
const SEEN_AGAIN_MS = 250;

/**
 * Pods that are not ready and that a change of the template would reach if they were made anew, before it is made.
 * @throws Refused when a budget does not allow that one of them is evicted
 */
export async function askToEvictFailing(core: CoreV1Api, workload: WorkloadRead): Promise<void> {
  for (const pod of failingOf(workload)) await evictPod(core, workload.object.metadata?.namespace ?? '', pod, { dryRun: true });
}

/**
 * Evicts the pods that are not ready and have an earlier template than the newest, once the controller has seen that: one that it made anew
 * before would be as bad as the last. Each is evicted by uid, so that this may be done again from wherever it was broken off.
 * @returns how many were evicted
 * @throws what is worth trying again when the controller is late, or a budget holds pods back
 */
export async function evictFailing(apps: AppsV1Api, core: CoreV1Api, of: WorkloadName): Promise<number> {
  const workload = await onceSeen(apps, core, of);
  const newest = workload.releases[0]?.hash;
  const stale = failingOf({ ...workload, pods: workload.pods.filter((pod) => releaseHashOf(pod) !== newest) });
  const heldBack = await evictEach(core, of.namespace, stale);
  if (heldBack.length > 0) throw new Error(`The template is changed, and not all failing pods could be evicted: ${heldBack.join(' ')}`);
  return stale.length;
}

async function onceSeen(apps: AppsV1Api, core: CoreV1Api, of: WorkloadName): Promise<WorkloadRead> {
  for (let tries = 1; ; tries++) {
    const workload = await readWorkload(apps, core, of);
    if (countsOf(workload).observed) return workload;
    if (tries >= SEEN_TRIES_MAX) throw new Error(`The controller of ${of.kind} ${of.namespace}/${of.name} has not seen its template yet.`);
    await pause(SEEN_AGAIN_MS);
  }
}

function failingOf(workload: WorkloadRead): readonly PodRef[] {
  const first = firstReached(workload);
  return workload.pods
    .filter((pod) => !isReady(pod) && !pod.metadata?.deletionTimestamp && ordinalOf(pod) >= first)
    .map(({ metadata }) => ({ name: metadata?.name ?? '', uid: metadata?.uid ?? '' }));
}

/** A StatefulSet's pods are called after it and their number. */
function ordinalOf({ metadata }: V1Pod): number {
  return Number(/-(\d+)$/.exec(metadata?.name ?? '')?.[1] ?? Number.POSITIVE_INFINITY);
}
