import type { Evidence } from '../incident/evidence.ts';
import type { Verdict } from '../incident/verdict.ts';

/** Health by the target's own measure: the newest spec is rolled out, and every wanted pod of it is ready. */
export function healthOf(evidence: Evidence): Verdict {
  const { replicasReady, replicasUpdated, replicasWanted } = evidence;
  const seen = `${replicasReady}/${replicasWanted} ready, ${replicasUpdated} of the newest release`;
  const ready = evidence.pods.filter((pod) => pod.ready).length;
  const healthy =
    evidence.observed &&
    replicasWanted > 0 &&
    replicasReady >= replicasWanted &&
    replicasUpdated >= replicasWanted &&
    ready === evidence.pods.length;
  return { kind: healthy ? 'recovered' : 'notRecovered', seen };
}
