import type { Context } from '../../incident/context.ts';
import type { PodSeen, WorkloadEvidence } from '../../incident/evidence.ts';
import { failingPods } from '../failing-pods.ts';
import { differsText, suspectRelease } from '../newest-release.ts';
import { isLate } from '../patience.ts';
import type { WorkloadRule } from '../rule.ts';

/** From being made to being looked after by its node. */
const START_SECONDS_MAX = 10;

/** Its containers run, and none of its pods was ever ready: the release before it was. */
export const releaseNeverReady: WorkloadRule = (evidence, context) => {
  const suspect = suspectRelease(evidence);
  const running = suspect?.pods.filter((pod) => isRunning(pod) && wasNeverReady(pod)) ?? [];
  if (!suspect || running.length === 0 || running.length < suspect.pods.length || failingPods(evidence.pods).length > 0) return null;
  const why = probeFailing(running, evidence, context) ?? evidence.progressStopped;
  if (why === null) return null;
  return {
    cause: 'bad-release',
    confidence: 'likely',
    reason: `No pod of revision ${suspect.newest.revision} was ever ready; ${differsText(suspect, evidence.differences)}. ${why}`,
  };
};

/** One pod no longer answers while siblings of the same release do. */
export const hanging: WorkloadRule = (evidence, context) => {
  const alive = evidence.pods.filter((pod) => pod.ended === null);
  const silent = alive.filter((pod) => !pod.ready);
  const [pod] = silent;
  if (!pod || silent.length > 1 || !isRunning(pod)) return null;
  const siblings = alive.filter((other) => other.ready && other.release === pod.release);
  const why = siblings.length === 0 ? null : probeFailing(silent, evidence, context);
  if (why === null) return null;
  return {
    cause: 'flake',
    confidence: 'possible',
    reason: `${pod.name} runs and is not ready, while ${siblings.length} pods of the same release are. ${why}`,
  };
};

/** Named, whoever brought it. */
export const neverReady: WorkloadRule = (evidence, context) => {
  const running = evidence.pods.filter((pod) => pod.ended === null && !pod.ready && isRunning(pod));
  const why = failingPods(evidence.pods).length > 0 ? null : probeFailing(running, evidence, context);
  if (why === null) return null;
  return { cause: 'probe-failing', confidence: 'likely', reason: `${running.length} of its pods run and are not ready. ${why}` };
};

/** What a node says of a probe that fails for longer than such pods need; null while they may only be starting. */
function probeFailing(running: readonly PodSeen[], { pods }: WorkloadEvidence, { events }: Context): string | null {
  const late = running.filter((pod) => isLate(pod, pods));
  const warned =
    events.kind === 'read'
      ? events.value.find(({ about, reason }) => reason === 'Unhealthy' && late.some(({ name }) => about === `Pod/${name}`))
      : undefined;
  return warned ? `Its node says: ${warned.message}` : null;
}

function isRunning({ node, containers }: PodSeen): boolean {
  return node !== null && containers.length > 0 && containers.every(({ runningSeconds }) => runningSeconds !== null);
}

function wasNeverReady({ ageSeconds, notReadySeconds }: PodSeen): boolean {
  return notReadySeconds !== null && ageSeconds - notReadySeconds <= START_SECONDS_MAX;
}
