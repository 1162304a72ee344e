import type { Evidence, ModelServerEvidence, WorkloadEvidence } from '../incident/evidence.ts';
import { dueOf } from '../incident/rollout.ts';
import type { Verdict } from '../incident/verdict.ts';
import { jobHealth } from './job-health.ts';

/** Health by the target's own measure: what is wanted is rolled out and every pod of it is ready, or the newest run completed. */
export function healthOf(evidence: Evidence): Verdict {
  switch (evidence.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
      return workloadHealth(evidence);
    case 'InferenceService':
      return modelServerHealth(evidence);
    case 'Job':
    case 'CronJob':
      return jobHealth(evidence);
    default:
      return evidence satisfies never;
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
    alive.every((pod) => pod.ready);
  return { kind: healthy ? 'recovered' : 'notRecovered', seen };
}

/** Why fewer pods are of the newest release than there are. */
function heldBackText({ rollout: { byHand, kept } }: WorkloadEvidence): string {
  if (byHand) return ' (OnDelete: who deletes a pod brings it to that)';
  return kept > 0 ? ` (a partition keeps ${kept} from it)` : '';
}

/**
 * KServe's `Ready` alone is no health: it stays true while a bad version rolls out beside a good one. So the pods must be
 * healthy too, and every one of them must serve the version that is wanted.
 */
function modelServerHealth({ ready, loading, storageUri, servingUris, workload }: ModelServerEvidence): Verdict {
  if (workload === null) return { kind: 'notRecovered', seen: 'KServe has made no Deployment for it yet' };
  const { kind, seen } = workloadHealth(workload) as { kind: Verdict['kind']; seen: string };
  const serving = servingUris.join(', ') || 'nothing';
  const asWanted = storageUri === null || (servingUris.length === 1 && servingUris[0] === storageUri);
  const loaded = loading === null || (loading.transition === 'UpToDate' && loading.wanted !== 'FailedToLoad');
  const healthy = kind === 'recovered' && ready && asWanted && loaded;
  const load = loading === null ? '' : `, loading ${loading.transition}`;
  return {
    kind: healthy ? 'recovered' : 'notRecovered',
    seen: `${seen}; serving ${serving}${load}; Ready is ${ready ? 'true' : 'not true'}`,
  };
}
