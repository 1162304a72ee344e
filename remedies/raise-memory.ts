import type { Context } from '../incident/context.ts';
import type { ContainerSeen, WorkloadEvidence } from '../incident/evidence.ts';
import { type ContainerMemory, memoryMi } from '../incident/memory.ts';
import type { MemoryBounds } from '../incident/memory-bounds.ts';
import { leavesFailing } from '../incident/rollout.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { whyNotAnew } from './comes-back.ts';
import { whyOutOfBounds } from './memory-bounds.ts';
import { type Planned, unusable } from './planned.ts';

/**
 * Raises the template's limit of the container that was OOM-killed by the runbook's factor, never past its ceiling or the cluster's bounds.
 * Pods are not resized in place (`pods/resize`): a changed template makes all of them anew anyway. Where there is no room for a new pod
 * beside the old ones, so that nothing else would be left, it does not help either: the kubelet of Kubernetes 1.35 gives a killed container
 * the new limit when it starts it again, but leaves the cgroup of its pod at the old one, in which it is killed as before.
 */
export function raiseMemory(evidence: WorkloadEvidence, limits: Runbook['memory'], { memoryBounds }: Context): Planned {
  const { pods, memory, rollout } = evidence;
  const killedPods = pods.filter(({ containers }) => containers.some(isKilled));
  const killed = killedPods.flatMap((pod) => pod.containers).find(isKilled);
  if (!killed) return unusable('No container was seen OOM-killed.');
  if (rollout.kept > 0) return unusable(`A partition keeps ${rollout.kept} of its pods from what its template asks for.`);
  const held = whyNotAnew(evidence, killedPods);
  if (held !== null) return unusable(held);
  const asked = memory[killed.name];
  if (asked && memoryBounds.kind === 'unreadable') return unusable(`${memoryBounds.what} cannot be read: ${memoryBounds.reason}`);
  const bounds = memoryBounds.kind === 'read' ? memoryBounds.value : null;
  const mostMi = Math.min(limits.ceilingMi, bounds?.container?.maxMi ?? limits.ceilingMi);
  const raised = raisedMemory(killed.name, asked, { ...limits, ceilingMi: mostMi });
  if (raised.kind === 'unusable')
    return unusable(mostMi < limits.ceilingMi && asked ? overRange(killed.name, asked, bounds) : raised.reason);
  const { from, to, why } = raised;
  const outOfBounds = bounds && whyOutOfBounds(bounds, evidence, killed.name, to);
  if (outOfBounds) return unusable(outOfBounds);
  return { kind: 'change', change: { kind: 'memory', container: killed.name, from, to, evictsFailing: leavesFailing(rollout) }, why };
}

function isKilled({ lastExit }: ContainerSeen): boolean {
  return lastExit?.reason === 'OOMKilled';
}

function overRange(container: string, { limit }: ContainerMemory, bounds: MemoryBounds | null): string {
  return `${container} is at ${limit} and the LimitRange ${bounds?.container?.name} allows a container ${bounds?.container?.maxMi}Mi.`;
}

type Raised =
  | { readonly kind: 'raised'; readonly from: ContainerMemory; readonly to: ContainerMemory; readonly why: string }
  | { readonly kind: 'unusable'; readonly reason: string };

/** What a container may be given instead of what its template asks for, by the runbook's factor and never past its ceiling. */
export function raisedMemory(container: string, from: ContainerMemory | undefined, { factor, ceilingMi }: Runbook['memory']): Raised {
  const limitMi = memoryMi(from?.limit);
  if (!from || limitMi === null) return { kind: 'unusable', reason: `${container} has no memory limit in the pod template.` };
  const raisedMi = Math.min(ceilingMi, Math.ceil(limitMi * factor));
  if (raisedMi <= limitMi)
    return { kind: 'unusable', reason: `${container} is at ${from.limit} and the runbook's ceiling is ${ceilingMi}Mi.` };
  const limit = `${raisedMi}Mi`;
  // A request equal to the limit is a promise of the memory (quality of service "Guaranteed") and stays one.
  const to = { limit, request: from.request === from.limit ? limit : from.request };
  return { kind: 'raised', from, to, why: `${factor} times the limit, at most ${ceilingMi}Mi.` };
}
