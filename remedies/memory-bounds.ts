import type { WorkloadEvidence } from '../incident/evidence.ts';
import { type ContainerMemory, memoryMi } from '../incident/memory.ts';
import type { MemoryAutoscaler, MemoryBounds } from '../incident/memory-bounds.ts';

/** Why the cluster would not let a container of the target have so much, or would take it back, as a sentence; null where it would. */
export function whyOutOfBounds(
  { autoscaler, pod, quotas }: MemoryBounds,
  { memory, replicasWanted }: WorkloadEvidence,
  container: string,
  to: ContainerMemory,
): string | null {
  if (autoscaler) return ofAutoscaler(autoscaler, container, to);
  const ofPod = (of: keyof ContainerMemory) =>
    Object.entries(memory).reduce((sum, [name, one]) => sum + (memoryMi(name === container ? to[of] : one[of]) ?? 0), 0);
  const limitMi = ofPod('limit');
  if (pod && limitMi > pod.maxMi) return `Its pods would have ${limitMi}Mi, and the LimitRange ${pod.name} allows a pod ${pod.maxMi}Mi.`;
  // While the old pods stand, the first new one needs room for itself; in the end each needs what was added.
  const needed = (of: keyof ContainerMemory) => {
    const more = (memoryMi(to[of]) ?? 0) - (memoryMi(memory[container]?.[of]) ?? 0);
    return more <= 0 ? 0 : Math.max(ofPod(of), more * replicasWanted);
  };
  const short = quotas.find(({ of, leftMi }) => {
    const neededMi = needed(of === 'limits' ? 'limit' : 'request');
    return neededMi > 0 && neededMi > leftMi;
  });
  if (!short) return null;
  const neededMi = needed(short.of === 'limits' ? 'limit' : 'request');
  return `The quota ${short.name} has ${short.leftMi}Mi of memory left for ${short.of}, and its pods would need ${neededMi}Mi more.`;
}

/** What an autoscaler sets is changed there: it would take back anything else. */
function ofAutoscaler({ name, mode, policies }: MemoryAutoscaler, container: string, { limit }: ContainerMemory): string {
  const own = policies.find(({ containerName }) => containerName === container);
  const others = policies.filter((policy) => policy !== own);
  // A merge patch puts a list in the place of another, so that it must hold all of it.
  const containerPolicies = [...others, { ...own, containerName: container, minAllowed: { ...own?.minAllowed, memory: limit } }];
  const patch = JSON.stringify({ spec: { resourcePolicy: { containerPolicies } } });
  const most = (own ?? policies.find(({ containerName }) => containerName === '*'))?.maxAllowed?.memory;
  const bound = most === undefined ? '' : ` It gives ${container} at most ${most} (maxAllowed).`;
  return `The VerticalPodAutoscaler ${name} (${mode}) sets its memory, so that is what should be changed: kubectl patch verticalpodautoscaler ${name} --type merge -p '${patch}'.${bound}`;
}
