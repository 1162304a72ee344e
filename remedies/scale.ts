import type { Context } from '../incident/context.ts';
import { boundPatch, type Scaler } from '../incident/scaling.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { type Planned, unusable } from './planned.ts';

/** What a runbook says about scaling. */
export type ScaleLimits = Pick<Runbook, 'scale' | 'gitOps'>;

/**
 * Raises the bound of what scales a target, or its fixed number of pods, by the runbook's factor: never past its ceiling, nor past what the
 * nodes and the quotas have room for, and to no fewer than its disruption budgets want there.
 */
export function scale({ scaling, room }: Context, { scale: { factor, ceiling }, gitOps }: ScaleLimits): Planned {
  if (scaling.kind === 'unreadable') return unusable(`What scales it cannot be read: ${scaling.reason}`);
  if (room.kind === 'unreadable') return unusable(`Whether there is room for more pods cannot be read: ${room.reason}`);
  if (scaling.value === null || room.value === null) return unusable('It has no ready pods that there could be more of.');
  const { scaler, budgets } = scaling.value;
  const named = `${scaler.kind} ${scaler.name}`;
  const from = scaler.bound === 'fixed' ? scaler.least : scaler.most;
  if (from === null) return unusable(`${named} names no upper bound that could be raised; give it one.`);
  const wanted = Math.max(Math.ceil(from * factor), ...budgets.map(({ minAvailable }) => minAvailable));
  if (from >= ceiling) return unusable(`${named} is at ${from} and the runbook's ceiling is ${ceiling}.`);
  const { more, limitedBy } = room.value;
  const to = Math.min(wanted, ceiling, from + more);
  if (to <= from) return unusable(limitedBy);
  const keeper = keeperOf(scaler, gitOps);
  if (keeper !== null) return unusable(`${keeper} To do it by hand: patch ${named} with ${boundPatch(scaler, to)}.`);
  const { kind, name, uid, generation, bound } = scaler;
  const why = to === from + more && to < Math.min(wanted, ceiling) ? limitedBy : `${factor} times as many, at most ${ceiling}.`;
  return { kind: 'change', change: { kind: 'replicas', scaler: { kind, name, uid, generation, bound }, from, to }, why };
}

/** Who would set the bound back, or wants it left alone, as a sentence; null where nobody does. */
function keeperOf({ kind, name, optOut, ownedBy, managedBy, paused }: Scaler, gitOps: Runbook['gitOps']): string | null {
  const named = `${kind} ${name}`;
  if (kind === 'StatefulSet') return `How many pods ${named} has may say how what they store is spread, and is a person's matter.`;
  if (optOut !== null) return `${named} is opted out${optOut === '' ? '' : `: ${optOut}`}.`;
  if (paused !== null) return `${named} is paused: ${paused}.`;
  if (ownedBy !== null) return `${named} was made by ${ownedBy}, which would set it back.`;
  if (managedBy !== null && gitOps === 'propose')
    return `${named} is kept by ${managedBy.tool} (${managedBy.name}), which would set it back.`;
  return null;
}
