import type { PodSeen, WorkloadEvidence } from '../incident/evidence.ts';

/**
 * Why one of the pods must not be made anew, as a sentence; null where all may be. Where releases are rolled out by hand, a pod of an
 * earlier one would come back with the newest, which nobody has brought to it.
 */
export function whyNotAnew({ rollout, releases }: WorkloadEvidence, pods: readonly PodSeen[]): string | null {
  const [newest] = releases;
  const held = rollout.byHand ? pods.find(({ release }) => release !== newest?.hash) : undefined;
  if (!held) return null;
  return `${held.name} would come back with revision ${newest?.revision}, which is rolled out by hand (OnDelete) and has not reached it.`;
}
