import type { CauseKind } from '../incident/diagnosis.ts';
import type { PodSeen, WorkloadEvidence } from '../incident/evidence.ts';
import { failingContainers, failingPods, lastWords, symptoms } from './failing-pods.ts';
import type { Finding, Rule } from './rule.ts';

const IMAGE_MISSING = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName'];
const BAD_CONFIG = ['CreateContainerConfigError', 'CreateContainerError'];

/** Memory comes first: an OOM kill under a new release is still cured by memory, and undone if it is not. */
export const outOfMemory: Rule<WorkloadEvidence> = ({ pods }) => {
  const killed = failingContainers(pods).find((one) => one.lastExit?.reason === 'OOMKilled');
  if (!killed) return null;
  const { name, memoryLimitMi, restarts } = killed;
  if (memoryLimitMi === null)
    return { cause: 'node-memory-short', reason: `${name} was OOM-killed without a limit of its own: its node is short of memory.` };
  const often = restarts > 1 ? `, and was restarted ${restarts} times` : '';
  return { cause: 'memory-limit-too-low', reason: `${name} was OOM-killed at its limit of ${memoryLimitMi} Mi${often}.` };
};

/** Only the newest release fails and an older one exists: the release is the cause, whatever the symptom. */
const badRelease: Rule<WorkloadEvidence> = ({ releases, pods }) => {
  const [newest, previous] = releases;
  const sick = failingPods(pods);
  if (!newest || !previous || sick.length === 0) return null;
  const ofNewest = pods.filter((pod) => pod.release === newest.hash);
  const allNewFail = sick.length === ofNewest.length && sick.every((pod) => pod.release === newest.hash);
  if (!allNewFail) return null;
  return {
    cause: 'bad-release',
    reason: `Every pod of revision ${newest.revision} fails (${symptoms(sick)}); revision ${previous.revision} came before it.${lastWords(sick)}`,
  };
};

const imageMissing: Rule<WorkloadEvidence> = ({ pods }) => waitingFor(pods, IMAGE_MISSING, 'image-missing', 'cannot pull its image');

const badConfig: Rule<WorkloadEvidence> = ({ pods }) =>
  waitingFor(pods, BAD_CONFIG, 'bad-config', 'cannot be created from its configuration');

/** One pod fails while siblings of the same release are ready: the release is fine, the pod is not. */
const flake: Rule<WorkloadEvidence> = ({ pods }) => {
  const sick = failingPods(pods);
  const [pod] = sick;
  if (sick.length !== 1 || !pod) return null;
  const siblings = pods.filter((other) => other.ready && other.release === pod.release);
  if (siblings.length === 0) return null;
  return { cause: 'flake', reason: `${pod.name} fails (${symptoms(sick)}) while ${siblings.length} pods of the same release are ready.` };
};

export const unschedulable: Rule<Pick<WorkloadEvidence, 'pods'>> = ({ pods }) => {
  const homeless = pods.filter((pod) => pod.unschedulable !== null);
  const [first] = homeless;
  if (!first) return null;
  return { cause: 'unschedulable', reason: `No node takes ${homeless.length} of its pods: ${first.unschedulable}` };
};

/** Nothing fails and not all is there yet: somebody's rollout is under way, and is waited for. */
export const rollingOut: Rule<WorkloadEvidence> = ({ pods, replicasWanted }) => {
  if (failingPods(pods).length > 0 || replicasWanted === 0) return null;
  return {
    cause: 'rolling-out',
    reason: `No container fails; ${pods.filter((pod) => pod.ready).length} of ${replicasWanted} pods are ready.`,
  };
};

/** In the order in which they are asked. */
export const workloadRules: Readonly<Record<string, Rule<WorkloadEvidence>>> = {
  outOfMemory,
  badRelease,
  imageMissing,
  badConfig,
  flake,
  unschedulable,
  rollingOut,
};

function waitingFor(pods: readonly PodSeen[], waits: readonly string[], cause: CauseKind, fault: string): Finding | null {
  const container = failingContainers(pods).find((one) => one.waiting !== null && waits.includes(one.waiting));
  return container ? { cause, reason: `${container.name} ${fault}: ${container.waiting}, image ${container.image}.` } : null;
}
