import type { ContainerSeen, PodSeen } from '../../incident/evidence.ts';
import { memoryMi } from '../../incident/memory.ts';
import { growthOf } from '../../incident/memory-trend.ts';
import { failingPods } from '../failing-pods.ts';
import { suspectRelease } from '../newest-release.ts';
import type { WorkloadRule } from '../rule.ts';

const LEAK_HOURS_MIN = 1;
const LEAK_SAMPLES_MIN = 8;
/** How well steady growth fits a straight line, at least. */
const LEAK_FIT_MIN = 0.9;
/** So much of what it uses in the end has come by growth, at least. */
const LEAK_SHARE_MIN = 0.25;

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

/** More memory only puts off the end of what grows steadily. */
export const memoryLeak: WorkloadRule = ({ pods }, { memoryTrend }) => {
  const killed = killedIn(pods);
  const trend = memoryTrend.kind === 'read' ? memoryTrend.value : null;
  if (!killed || !trend || trend.container !== killed.container.name || trend.samples.length < LEAK_SAMPLES_MIN) return null;
  const growth = growthOf(trend.samples);
  if (!growth || growth.hours < LEAK_HOURS_MIN || growth.fit < LEAK_FIT_MIN) return null;
  const { firstMi, lastMi, perHourMi, hours } = growth;
  if (perHourMi <= 0 || lastMi - firstMi < lastMi * LEAK_SHARE_MIN) return null;
  return {
    cause: 'memory-leak',
    confidence: 'likely',
    reason: `${trend.container} grew steadily for ${hours.toFixed(1)} h, from ${Math.round(firstMi)} to ${Math.round(lastMi)} Mi (${Math.round(perHourMi)} Mi an hour), until it was OOM-killed.`,
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
