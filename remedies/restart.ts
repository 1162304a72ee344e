import { nearLimit, nearLimitText } from '../diagnosis/memory-leak.ts';
import type { Context } from '../incident/context.ts';
import type { PodSeen, WorkloadEvidence } from '../incident/evidence.ts';
import { whyNotAnew } from './comes-back.ts';
import { type Planned, unusable } from './planned.ts';

/**
 * Evicts the one pod that fails, or else the one that runs and does not answer; its controller makes a new one. A container that was
 * killed at its memory limit was started anew already, by its kubelet: where it leaks, it is the next pod to be killed that is evicted,
 * while the others serve, so that it ends as its program wishes and not in the middle of its work.
 */
export function restart(workload: WorkloadEvidence, context: Context): Planned {
  const { pods } = workload;
  const sick = pods.filter((pod) => !pod.ready && pod.ended === null && !isKilled(pod));
  const failing = sick.filter(({ containers }) => containers.some(({ waiting, lastExit }) => waiting !== null || lastExit !== null));
  // One that hangs runs, and is not ready.
  const [pod] = [...failing, ...sick];
  if (pod) return evicted(workload, pod, `${pod.name} is the failing pod.`);
  const [next] = nearLimit(pods, context);
  if (next) return evicted(workload, next.pod, `${nearLimitText(next)}.`);
  return unusable(
    pods.some(isKilled)
      ? 'A container that is killed at its memory limit is started anew by its kubelet, and no other pod is seen to be near its limit.'
      : 'No failing pod was seen.',
  );
}

function evicted(workload: WorkloadEvidence, pod: PodSeen, why: string): Planned {
  const held = whyNotAnew(workload, [pod]);
  if (held !== null) return unusable(held);
  return { kind: 'change', change: { kind: 'pod', name: pod.name, uid: pod.uid }, why };
}

function isKilled({ ready, containers }: PodSeen): boolean {
  return !ready && containers.some((one) => !one.ready && one.lastExit?.reason === 'OOMKilled');
}
