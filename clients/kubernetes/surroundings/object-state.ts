import { z } from 'zod';
import type { ObjectState } from '../../../incident/surroundings.ts';
import { type Target, targetText } from '../../../incident/target.ts';
import { isTargetKind, type Owner } from '../owners.ts';
import { handsOff } from './hands-off.ts';
import { managedBy } from './managed-by.ts';
import type { Workload } from './namespace-workloads.ts';

const texts = z.record(z.string(), z.string()).default({});

/** The fields used of a target, whatever its kind. */
export const TargetObject = z.object({
  metadata: z.object({
    uid: z.string(),
    generation: z.number(),
    resourceVersion: z.string(),
    labels: texts,
    annotations: texts,
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().optional() })).default([]),
  }),
  spec: z.object({ paused: z.boolean().default(false), suspend: z.boolean().default(false) }),
});
export type TargetObject = z.infer<typeof TargetObject>;

/** @param owned what the target owns of the kinds that are healed */
export function objectState(
  target: Target,
  { metadata, spec }: TargetObject,
  owners: readonly Owner[],
  owned: readonly Workload[],
): ObjectState {
  const { uid, generation, resourceVersion } = metadata;
  const line = [metadata, ...owners.map((owner) => owner.metadata)];
  const paused = owned.find((one) => one.paused);
  return {
    uid,
    generation,
    resourceVersion,
    related: [...owners, ...owned].flatMap(({ kind, name }) => (isTargetKind(kind) ? targetText({ ...target, kind, name }) : [])).sort(),
    optOut: line.map(({ annotations }) => handsOff(annotations)).find((said) => said !== null) ?? null,
    managedBy: managedBy(line),
    heldByPerson: spec.suspend
      ? 'it is suspended'
      : spec.paused
        ? 'its rollout is paused'
        : paused
          ? `the rollout of its ${paused.kind} ${paused.name} is paused`
          : null,
  };
}
