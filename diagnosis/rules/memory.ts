import { failingContainers } from '../failing-pods.ts';
import type { WorkloadRule } from '../rule.ts';

/** Memory comes first: an OOM kill under a new release is still cured by memory, and undone if it is not. */
export const outOfMemory: WorkloadRule = ({ pods }) => {
  const killed = failingContainers(pods).find((one) => one.lastExit?.reason === 'OOMKilled');
  if (!killed) return null;
  const { name, memoryLimitMi, restarts } = killed;
  if (memoryLimitMi === null)
    return {
      cause: 'node-memory-short',
      confidence: 'certain',
      reason: `${name} was OOM-killed without a limit of its own: its node is short of memory.`,
    };
  const often = restarts > 1 ? `, and was restarted ${restarts} times` : '';
  return {
    cause: 'memory-limit-too-low',
    confidence: 'certain',
    reason: `${name} was OOM-killed at its limit of ${memoryLimitMi} Mi${often}.`,
  };
};
