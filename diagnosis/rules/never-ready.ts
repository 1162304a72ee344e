import type { Context } from '../../incident/context.ts';
import type { PodSeen, WorkloadEvidence } from '../../incident/evidence.ts';
import { failingPods } from '../failing-pods.ts';
import { differsText, suspectRelease } from '../newest-release.ts';
import type { WorkloadRule } from '../rule.ts';

const PATIENCE_SECONDS_MIN = 30;
/** A pod may take so many times as long as those of the release before it did. */
const PATIENCE_FACTOR = 3;
/** From being made to being looked after by its node. */
const START_SECONDS_MAX = 10;

/** Its containers run, and none of its pods was ever ready: the release before it was. */
export const releaseNeverReady: WorkloadRule = (evidence, context) => {
  const suspect = suspectRelease(evidence);
  const running = suspect?.pods.filter(isRunning) ?? [];
  if (!suspect || running.length === 0 || running.length < suspect.pods.length || failingPods(evidence.pods).length > 0) return null;
  const { newest } = suspect;
  const failing = probeFailing(running, evidence, context);
  const why = failing ?? evidence.progressStopped;
  if (why === null) return null;
  return {
    cause: 'bad-release',
    confidence: 'likely',
    reason: `No pod of revision ${newest.revision} was ever ready; ${differsText(suspect, evidence.differences)}. ${why}`,
  };
};

/** Named, whoever brought it. */
export const neverReady: WorkloadRule = (evidence, context) => {
  const running = evidence.pods.filter((pod) => pod.ended === null && !pod.ready && isRunning(pod));
  const failing = failingPods(evidence.pods).length > 0 ? null : probeFailing(running, evidence, context);
  if (failing === null) return null;
  return { cause: 'probe-failing', confidence: 'likely', reason: `${running.length} of its pods run and were never ready. ${failing}` };
};

/** What the kubelet says of a probe that has failed for longer than such pods need; null while they may only be starting. */
function probeFailing(running: readonly PodSeen[], { pods, replicasWanted }: WorkloadEvidence, { events }: Context): string | null {
  const needed = pods.flatMap(({ readyAfterSeconds }) => readyAfterSeconds ?? []);
  const patience = Math.max(PATIENCE_SECONDS_MIN, needed.length > 0 ? PATIENCE_FACTOR * Math.min(...needed) : 0);
  const late = running.filter((pod) => wasNeverReady(pod) && (pod.notReadySeconds ?? 0) >= patience);
  if (events.kind !== 'read' || late.length === 0 || replicasWanted === 0) return null;
  const warned = events.value.find(({ about, reason }) => reason === 'Unhealthy' && late.some(({ name }) => about === `Pod/${name}`));
  return warned ? `Its node says: ${warned.message}` : null;
}

function isRunning({ node, containers }: PodSeen): boolean {
  return node !== null && containers.length > 0 && containers.every(({ waiting }) => waiting === null);
}

function wasNeverReady({ ageSeconds, notReadySeconds }: PodSeen): boolean {
  return notReadySeconds !== null && ageSeconds - notReadySeconds <= START_SECONDS_MAX;
}
