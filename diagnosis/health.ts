import { type Evidence, isRun, type ModelServerEvidence, type ServedModel, type WorkloadEvidence } from '../incident/evidence.ts';
import { dueOf } from '../incident/rollout.ts';
import { hasOwnPods } from '../incident/target.ts';
import type { Verdict } from '../incident/verdict.ts';
import { runHealth } from './run-health.ts';

/** Health by the target's own measure: what is wanted is rolled out and every pod of it is ready, or the newest run completed. */
export function healthOf(evidence: Evidence): Verdict {
  switch (evidence.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
      return workloadHealth(evidence);
    default:
      return isRun(evidence) ? runHealth(evidence) : modelServerHealth(evidence);
  }
}

function workloadHealth(evidence: WorkloadEvidence): Verdict {
  const { replicasReady, replicasUpdated, replicasWanted } = evidence;
  const seen = `${replicasReady}/${replicasWanted} ready, ${replicasUpdated} of the newest release${heldBackText(evidence)}`;
  // What has ended was replaced, and is only remembered.
  const alive = evidence.pods.filter((pod) => pod.ended === null);
  const healthy =
    evidence.observed &&
    replicasWanted > 0 &&
    replicasReady >= replicasWanted &&
    replicasUpdated >= dueOf(evidence) &&
    alive.every((pod) => pod.ready) &&
    (evidence.served === null || servesAsWanted(evidence.served));
  return { kind: healthy ? 'recovered' : 'notRecovered', seen };
}

/** Why fewer pods are of the newest release than there are. */
function heldBackText({ rollout: { byHand, kept } }: WorkloadEvidence): string {
  if (byHand) return ' (OnDelete: who deletes a pod brings it to that)';
  return kept > 0 ? ` (a partition keeps ${kept} from it)` : '';
}

/**
 * A controller's `Ready` alone is no health: KServe's stays true while a bad version rolls out beside a good one. So the pods must be
 * healthy too, where there are any to be seen, and all that answers must serve the version that is wanted.
 */
function modelServerHealth({ kind, ready, loading, served, workload, traffic }: ModelServerEvidence): Verdict {
  if (workload === null && hasOwnPods(kind)) return { kind: 'notRecovered', seen: 'its controller has made no pods for it yet' };
  const ofPods = workload && (workloadHealth(workload) as { kind: Verdict['kind']; seen: string });
  const loaded = loading === null || (loading.transition === 'UpToDate' && loading.wanted !== 'FailedToLoad');
  const healthy = (ofPods === null || ofPods.kind === 'recovered') && ready && servesAsWanted(served) && loaded && traffic === null;
  const seen = [
    ...(ofPods ? [ofPods.seen] : []),
    // What names no model may serve none.
    ...(served.wanted === null && served.serving.length === 0 ? [] : [`serving ${served.serving.join(', ') || 'nothing'}`]),
    ...(loading === null ? [] : [`loading ${loading.transition}`]),
    ...(traffic === null ? [] : [traffic]),
    `Ready is ${ready ? 'true' : 'not true'}`,
  ];
  return { kind: healthy ? 'recovered' : 'notRecovered', seen: seen.join('; ') };
}

function servesAsWanted({ wanted, serving }: ServedModel): boolean {
  return wanted === null || (serving.length === 1 && serving[0] === wanted);
}
