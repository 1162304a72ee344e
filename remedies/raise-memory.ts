import type { WorkloadEvidence } from '../incident/evidence.ts';
import { memoryMi } from '../incident/memory.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { type Planned, unusable } from './planned.ts';

/** Raises the template's limit of the container that was OOM-killed by the runbook's factor, never past its ceiling. */
export function raiseMemory({ pods, memory }: WorkloadEvidence, { factor, ceilingMi }: Runbook['memory']): Planned {
  const killed = pods.flatMap((pod) => pod.containers).find((one) => one.lastExit?.reason === 'OOMKilled');
  if (!killed) return unusable('No container was seen OOM-killed.');
  const from = memory[killed.name];
  const limitMi = memoryMi(from?.limit);
  if (!from || limitMi === null) return unusable(`${killed.name} has no memory limit in the pod template.`);
  const raisedMi = Math.min(ceilingMi, Math.ceil(limitMi * factor));
  if (raisedMi <= limitMi) return unusable(`${killed.name} is at ${from.limit} and the runbook's ceiling is ${ceilingMi}Mi.`);
  const limit = `${raisedMi}Mi`;
  // A request equal to the limit is a promise of the memory (quality of service "Guaranteed") and stays one.
  const to = { limit, request: from.request === from.limit ? limit : from.request };
  return {
    kind: 'change',
    change: { kind: 'memory', container: killed.name, from, to },
    why: `${factor} times the limit, at most ${ceilingMi}Mi.`,
  };
}
