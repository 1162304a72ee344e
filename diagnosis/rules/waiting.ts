import type { CauseKind } from '../../incident/cause.ts';
import type { PodSeen } from '../../incident/evidence.ts';
import { failingContainers } from '../failing-pods.ts';
import type { Finding, WorkloadRule } from '../rule.ts';

/** Why a container waits whose image cannot be had. */
export const IMAGE_MISSING: readonly string[] = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'];
/** Why a container waits that cannot be made as its template has it. */
export const BAD_CONFIG: readonly string[] = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'];

export const imageMissing: WorkloadRule = ({ pods }) => waitingFor(pods, IMAGE_MISSING, 'image-missing', 'cannot pull its image');

export const badConfig: WorkloadRule = ({ pods }) => waitingFor(pods, BAD_CONFIG, 'bad-config', 'cannot be created from its configuration');

function waitingFor(pods: readonly PodSeen[], waits: readonly string[], cause: CauseKind, fault: string): Finding | null {
  const container = failingContainers(pods).find((one) => one.waiting !== null && waits.includes(one.waiting));
  if (!container) return null;
  const said = container.waitingMessage ? ` It says: ${container.waitingMessage}` : '';
  return { cause, confidence: 'certain', reason: `${container.name} ${fault}: ${container.waiting}, image ${container.image}.${said}` };
}
