import { failingPods } from '../failing-pods.ts';
import type { WorkloadRule } from '../rule.ts';
import { homelessPods } from './no-node.ts';

/** Nothing fails and not all is there yet: somebody's rollout is under way, and is waited for. */
export const rollingOut: WorkloadRule = (evidence) => {
  const { pods, replicasWanted, createFailure } = evidence;
  const isHeldUp = failingPods(pods).length > 0 || homelessPods(evidence).length > 0 || createFailure !== null;
  if (isHeldUp || replicasWanted === 0) return null;
  return {
    cause: 'rolling-out',
    confidence: 'possible',
    reason: `No container fails; ${pods.filter((pod) => pod.ready).length} of ${replicasWanted} pods are ready.`,
  };
};
