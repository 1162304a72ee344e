import type { ContainerSeen, PodSeen } from '../../incident/evidence.ts';
import { memoryMi } from '../../incident/memory.ts';
import { failingPods } from '../failing-pods.ts';
import { healthOf } from '../health.ts';
import { leakIn, nearLimit, nearLimitText } from '../memory-leak.ts';
import { suspectRelease } from '../newest-release.ts';
import type { WorkloadRule } from '../rule.ts';

/** What runs beside it on its node took the memory: neither its limit nor its release is at fault. */
export const nodeMemoryPressure: WorkloadRule = ({ pods }, { nodes }) => {
  const killed = killedIn(pods);
  const node = nodes.kind === 'read' ? nodes.value.find(({ name }) => name === killed?.pod.node) : undefined;
  if (!killed || !node?.pressures.includes('MemoryPressure')) return null;
  return {
    cause: 'node-memory-short',
    confidence: 'likely',
    reason: `${killed.container.name} was OOM-killed while its node ${node.name} is under MemoryPressure.`,
  };
};

/** The newest release gives it less memory than the one before it, which was fine. */
export const memoryLowered: WorkloadRule = (evidence) => {
  const killed = killedIn(evidence.pods);
  const suspect = suspectRelease(evidence);
  if (!killed || !suspect || killed.pod.release !== suspect.newest.hash) return null;
  const { name } = killed.container;
  const [now, before] = [evidence.memory[name], evidence.memoryBefore[name]];
  const [nowMi, beforeMi] = [memoryMi(now?.limit), memoryMi(before?.limit)];
  const isLower = nowMi !== null && before !== undefined && (beforeMi === null || nowMi < beforeMi);
  if (!isLower) return null;
  return {
    cause: 'bad-release',
    confidence: 'likely',
    reason: `${name} was OOM-killed at its limit of ${now?.limit}, which revision ${suspect.newest.revision} lowered from ${before.limit ?? 'none'}.`,
  };
};

/** More memory only puts off the end of what grows steadily; what it does to one pod it will do to the others. */
export const memoryLeak: WorkloadRule = (evidence, context) => {
  const { pods } = evidence;
  const leak = leakIn(context);
  if (!leak) return null;
  const near = nearLimit(pods, context);
  // Where other pods fail, and not one that was killed, they fail for another reason.
  const isKilled = killedIn(pods)?.container.name === leak.container;
  const isNext = near.length > 0 && healthOf(evidence).kind === 'recovered';
  if (!isKilled && !isNext) return null;
  const { container, hours, firstMi, lastMi, perHourMi } = leak;
  const next = near.map((one) => ` ${nearLimitText(one)}.`).join('');
  return {
    cause: 'memory-leak',
    confidence: 'likely',
    reason: `${container} grew steadily for ${hours.toFixed(1)} h, from ${Math.round(firstMi)} to ${Math.round(lastMi)} Mi (${Math.round(perHourMi)} Mi an hour), until it was OOM-killed.${next}`,
  };
};

/** An OOM kill under a new release is still cured by memory, and undone if it is not. */
export const outOfMemory: WorkloadRule = ({ pods }) => {
  const killed = killedIn(pods)?.container;
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

function killedIn(pods: readonly PodSeen[]): { readonly pod: PodSeen; readonly container: ContainerSeen } | null {
  for (const pod of failingPods(pods)) {
    const container = pod.containers.find((one) => !one.ready && one.lastExit?.reason === 'OOMKilled');
    if (container) return { pod, container };
  }
  return null;
}
