import type { CauseKind, Diagnosis } from '../incident/diagnosis.ts';
import type { ContainerSeen, Evidence, PodSeen } from '../incident/evidence.ts';
import { healthOf } from './health.ts';

const IMAGE_MISSING = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName'];
const BAD_CONFIG = ['CreateContainerConfigError', 'CreateContainerError'];

/** A rule looks at the evidence and either names a cause with its reason, or says nothing. */
type Rule = (evidence: Evidence, sick: readonly PodSeen[]) => Diagnosis | null;

/** Names the cause of a workload's trouble. The first rule that speaks decides; the order is deliberate. */
export function diagnose(evidence: Evidence): Diagnosis {
  if (healthOf(evidence).kind === 'recovered') {
    return { cause: 'healthy', reasons: ['Every wanted pod of the newest release is ready.'] };
  }
  const sick = evidence.pods.filter((pod) => pod.containers.some(failing));
  for (const rule of RULES) {
    const diagnosis = rule(evidence, sick);
    if (diagnosis) return diagnosis;
  }
  return { cause: 'unknown', reasons: [`No rule explains it: ${healthOf(evidence).kind}, ${sick.length} pods failing.`] };
}

/** Memory comes first: an OOM kill under a new release is still cured by memory, and undone if it is not. */
const memoryLimitTooLow: Rule = (_evidence, sick) => {
  const killed = containers(sick).find((one) => one.lastExit?.reason === 'OOMKilled');
  if (!killed) return null;
  if (killed.memoryLimitMi === null)
    return says('unknown', `${killed.name} was OOM-killed without a limit of its own: its node is short of memory.`);
  return says(
    'memory-limit-too-low',
    `${killed.name} was OOM-killed at its limit of ${killed.memoryLimitMi} Mi, ${killed.restarts} restarts.`,
  );
};

/** Only the newest release fails and an older one exists: the release is the cause, whatever the symptom. */
const badRelease: Rule = (evidence, sick) => {
  const { release, previousRelease } = evidence;
  if (!release || !previousRelease || sick.length === 0) return null;
  const ofNewest = evidence.pods.filter((pod) => pod.release === release);
  const allNewFail = sick.length === ofNewest.length && sick.every((pod) => pod.release === release);
  if (!allNewFail) return null;
  return says(
    'bad-release',
    `All ${sick.length} pods of release ${release} fail (${symptoms(sick)}); release ${previousRelease} came before it.`,
  );
};

const imageMissing: Rule = (_evidence, sick) => waitingFor(sick, IMAGE_MISSING, 'image-missing', 'cannot pull its image');

const badConfig: Rule = (_evidence, sick) => waitingFor(sick, BAD_CONFIG, 'bad-config', 'cannot be created from its configuration');

/** One pod fails while siblings of the same release are ready: the release is fine, the pod is not. */
const flake: Rule = (evidence, sick) => {
  const [pod] = sick;
  if (sick.length !== 1 || !pod) return null;
  const siblings = evidence.pods.filter((other) => other.ready && other.release === pod.release);
  if (siblings.length === 0) return null;
  return says('flake', `${pod.name} fails (${symptoms(sick)}) while ${siblings.length} pods of the same release are ready.`);
};

const RULES: readonly Rule[] = [memoryLimitTooLow, badRelease, imageMissing, badConfig, flake];

function waitingFor(sick: readonly PodSeen[], waits: readonly string[], cause: CauseKind, fault: string): Diagnosis | null {
  const container = containers(sick).find((one) => one.waiting !== null && waits.includes(one.waiting));
  return container ? says(cause, `${container.name} ${fault}: ${container.waiting}, image ${container.image}.`) : null;
}

function failing(container: ContainerSeen): boolean {
  const waits = container.waiting !== null && !['ContainerCreating', 'PodInitializing'].includes(container.waiting);
  return !container.ready && (waits || container.lastExit !== null);
}

function containers(pods: readonly PodSeen[]): ContainerSeen[] {
  return pods.flatMap((pod) => pod.containers.filter(failing));
}

function symptoms(sick: readonly PodSeen[]): string {
  const all = containers(sick).map((one) => one.waiting ?? `exit ${one.lastExit?.code}`);
  return [...new Set(all)].join(', ');
}

function says(cause: CauseKind, reason: string): Diagnosis {
  return { cause, reasons: [reason] };
}
