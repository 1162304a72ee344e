import { nearLimit, nearLimitText } from '../diagnosis/memory-leak.ts';
import type { Context } from '../incident/context.ts';
import type { PodSeen, WorkloadEvidence } from '../incident/evidence.ts';
import type { PodRef } from '../incident/node-change.ts';
import { whyNotAnew } from './comes-back.ts';
import { type Planned, unusable } from './planned.ts';

/**
 * Evicts the pods that fail, or else the one that runs and does not answer; its controller makes new ones. A container that was
 * killed at its memory limit was started anew already, by its kubelet: where it leaks, it is the next pod to be killed that is evicted,
 * while the others serve, so that it ends as its program wishes and not in the middle of its work.
 */
export function restart(workload: WorkloadEvidence, context: Context): Planned {
  const { pods } = workload;
  const sick = pods.filter((pod) => !pod.ready && pod.ended === null && !isKilled(pod));
  const failing = sick.filter(({ containers }) => containers.some(({ waiting, lastExit }) => waiting !== null || lastExit !== null));
  // One that hangs runs, and is not ready.
  const [first, ...others] = failing.length > 0 ? failing : sick.slice(0, 1);
  if (first) return evicted(workload, [first, ...others], whyThese([first, ...others]));
  const [next] = nearLimit(pods, context);
  if (next) return evicted(workload, [next.pod], `${nearLimitText(next)}.`);
  return unusable(
    pods.some(isKilled)
      ? 'A container that is killed at its memory limit is started anew by its kubelet, and no other pod is seen to be near its limit.'
      : 'No failing pod was seen.',
  );
}

function evicted(workload: WorkloadEvidence, [first, ...others]: readonly [PodSeen, ...PodSeen[]], why: string): Planned {
  const held = whyNotAnew(workload, [first, ...others]);
  if (held !== null) return unusable(held);
  const beside = others.length > 0 ? { others: others.map(refOf) } : {};
  return { kind: 'change', change: { kind: 'pod', ...refOf(first), ...beside }, why };
}

function refOf({ name, uid }: PodSeen): PodRef {
  return { name, uid };
}

function whyThese(pods: readonly PodSeen[]): string {
  return `${pods.map(({ name }) => name).join(', ')} ${pods.length > 1 ? 'are the failing pods' : 'is the failing pod'}.`;
}

function isKilled({ ready, containers }: PodSeen): boolean {
  return !ready && containers.some((one) => !one.ready && one.lastExit?.reason === 'OOMKilled');
}
