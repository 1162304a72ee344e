import { failingPods, symptoms } from '../failing-pods.ts';
import type { WorkloadRule } from '../rule.ts';

/** One pod fails while siblings of the same release are ready: the release is fine, the pod is not. */
export const flake: WorkloadRule = ({ pods }) => {
  const sick = failingPods(pods);
  const [pod] = sick;
  if (sick.length !== 1 || !pod) return null;
  const siblings = pods.filter((other) => other.ready && other.release === pod.release);
  if (siblings.length === 0) return null;
  return {
    cause: 'flake',
    confidence: 'possible',
    reason: `${pod.name} fails (${symptoms(sick)}) while ${siblings.length} pods of the same release are ready.`,
  };
};
