import { z } from 'zod';
import type { Symptom } from '../symptom.ts';
import { common, conditions, listOf, met, said } from './object.ts';

const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

const Node = z.object({ ...common, status: z.object({ conditions }) });
const Autoscaler = z.object({ ...common, spec: z.object({ maxReplicas: z.number() }), status: z.object({ conditions }).nullish() });
const Claim = z.object({ ...common, status: z.object({ phase: z.string().default('') }).nullish() });
const Pending = z.object({
  ...common,
  spec: z.object({ volumes: listOf(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).nullish() })) }),
});

export function nodeSymptoms(object: unknown): Symptom[] {
  const { metadata, status } = Node.parse(object);
  if (metadata.deletionTimestamp !== null) return [];
  const labels = { node: metadata.name };
  const unready = met(status.conditions, 'Ready', 'False') ?? met(status.conditions, 'Ready', 'Unknown');
  if (unready)
    return [
      { condition: 'KubeNodeNotReady', labels, says: said('The node is not ready', unready.message), sinceMs: unready.lastTransitionTime },
    ];
  return PRESSURES.flatMap((type) => {
    const pressed = met(status.conditions, type, 'True');
    if (!pressed) return [];
    const says = said(`The node has ${type}`, pressed.message);
    return [{ condition: 'KubeNodePressure' as const, labels: { ...labels, condition: type }, says, sinceMs: pressed.lastTransitionTime }];
  });
}

/** At its bound, and more would be wanted: one that is merely at its bound is not short of anything. */
export function autoscalerSymptoms(object: unknown): Symptom[] {
  const { metadata, spec, status } = Autoscaler.parse(object);
  const limited = met(status?.conditions ?? [], 'ScalingLimited', 'True');
  if (limited?.reason !== 'TooManyReplicas' || metadata.deletionTimestamp !== null) return [];
  return [
    {
      condition: 'KubeHpaMaxedOut',
      labels: { namespace: metadata.namespace, horizontalpodautoscaler: metadata.name },
      says: `More than its ${spec.maxReplicas} replicas are wanted.`,
      sinceMs: limited.lastTransitionTime,
    },
  ];
}

/** A claim has been pending since it was made; whether that hinders anybody, pods say. */
export function claimSymptoms(object: unknown): Symptom[] {
  const { metadata, status } = Claim.parse(object);
  if (status?.phase !== 'Pending' || metadata.deletionTimestamp !== null) return [];
  return [
    {
      condition: 'KubePersistentVolumeClaimPending',
      labels: { namespace: metadata.namespace, persistentvolumeclaim: metadata.name },
      says: 'No volume is bound to the claim.',
      sinceMs: metadata.creationTimestamp,
    },
  ];
}

/** The first, by name, of the pods that wait for a claim; null when none does. */
export function podWaitingFor(claim: unknown, pending: readonly unknown[]): string | null {
  const { metadata } = Claim.parse(claim);
  const waiting = pending
    .map((pod) => Pending.parse(pod))
    .filter(({ spec }) => spec.volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name));
  return waiting.map((pod) => pod.metadata.name).sort()[0] ?? null;
}
