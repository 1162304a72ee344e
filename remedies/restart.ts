import type { WorkloadEvidence } from '../incident/evidence.ts';
import { whyNotAnew } from './comes-back.ts';
import { type Planned, unusable } from './planned.ts';

/** Evicts the one pod that fails, or else the one that runs and does not answer; its controller makes a new one. */
export function restart(workload: WorkloadEvidence): Planned {
  const { pods } = workload;
  const sick = pods.filter((pod) => !pod.ready && pod.ended === null);
  const failing = sick.filter(({ containers }) => containers.some(({ waiting, lastExit }) => waiting !== null || lastExit !== null));
  // One that hangs runs, and is not ready.
  const [pod] = [...failing, ...sick];
  if (!pod) return unusable('No failing pod was seen.');
  const why = whyNotAnew(workload, [pod]);
  if (why !== null) return unusable(why);
  return { kind: 'change', change: { kind: 'pod', name: pod.name, uid: pod.uid }, why: `${pod.name} is the failing pod.` };
}
