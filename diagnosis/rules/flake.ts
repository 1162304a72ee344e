import { failingPods, symptoms } from '../failing-pods.ts';
import type { WorkloadRule } from '../rule.ts';

/**
 * One pod fails while siblings of the same release are ready: the release is fine, the pod is not. One of a DaemonSet would be made anew
 * where it is, so that it is its node that is in doubt.
 */
export const flake: WorkloadRule = ({ kind, pods }) => {
  const sick = failingPods(pods);
  const [pod] = sick;
  if (sick.length !== 1 || !pod) return null;
  const siblings = pods.filter((other) => other.ready && other.release === pod.release);
  if (siblings.length === 0) return null;
  const seen = `${pod.name} fails (${symptoms(sick)}) while ${siblings.length} pods of the same release are ready`;
  if (kind === 'DaemonSet')
    return {
      cause: 'bad-node',
      confidence: 'possible',
      reason: `${seen}, each on a node of its own: ${pod.node} is what it has otherwise.`,
    };
  return {
    cause: 'flake',
    confidence: 'possible',
    reason: `${seen}.`,
  };
};
