import { z } from 'zod';
import type { Symptom } from '../symptom.ts';
import { common, conditions, count, met, said, statusSince } from './object.ts';

const wanted = z
  .number()
  .nullish()
  .default(1)
  .transform((given) => given ?? 1);

const Deployment = z.object({
  ...common,
  spec: z.object({ replicas: wanted, paused: z.boolean().default(false) }),
  status: z.object({ observedGeneration: count, updatedReplicas: count, availableReplicas: count, conditions }),
});

const StatefulSet = z.object({
  ...common,
  spec: z.object({
    replicas: wanted,
    updateStrategy: z.object({ type: z.string().default(''), rollingUpdate: z.object({ partition: count }).nullish() }).nullish(),
  }),
  status: z.object({
    observedGeneration: count,
    readyReplicas: count,
    updatedReplicas: count,
    currentRevision: z.string().default(''),
    updateRevision: z.string().default(''),
  }),
});

const DaemonSet = z.object({
  ...common,
  status: z.object({
    observedGeneration: count,
    desiredNumberScheduled: count,
    currentNumberScheduled: count,
    updatedNumberScheduled: count,
    numberAvailable: count,
  }),
});

/** What its controller has not seen yet says nothing of it. */
function isStale({
  metadata,
  status,
}: {
  readonly metadata: { readonly generation: number };
  readonly status: { readonly observedGeneration: number };
}) {
  return status.observedGeneration < metadata.generation;
}

export function deploymentSymptoms(object: unknown): Symptom[] {
  const deployment = Deployment.parse(object);
  const { metadata, spec, status } = deployment;
  if (metadata.deletionTimestamp !== null || spec.replicas === 0 || isStale(deployment)) return [];
  const labels = { namespace: metadata.namespace, deployment: metadata.name };
  const late = met(status.conditions, 'Progressing', 'False');
  if (late?.reason === 'ProgressDeadlineExceeded' && !spec.paused)
    return [
      {
        condition: 'KubeDeploymentRolloutStuck',
        labels,
        says: said('Its rollout does not go on', late.message),
        sinceMs: late.lastTransitionTime,
      },
    ];
  // While a release is rolled out fewer are available by design, for as long as its deadline allows.
  if (status.availableReplicas >= spec.replicas || status.updatedReplicas < spec.replicas) return [];
  const unavailable = met(status.conditions, 'Available', 'False');
  const failure = met(status.conditions, 'ReplicaFailure', 'True');
  const says = said(
    `${status.availableReplicas} of ${spec.replicas} replicas are available`,
    failure?.message ?? unavailable?.message ?? '',
  );
  return [
    {
      condition: 'KubeDeploymentReplicasMismatch',
      labels,
      says,
      sinceMs: unavailable?.lastTransitionTime ?? null,
      atLeastSinceMs: statusSince(metadata),
    },
  ];
}

export function statefulSetSymptoms(object: unknown): Symptom[] {
  const set = StatefulSet.parse(object);
  const { metadata, spec, status } = set;
  if (metadata.deletionTimestamp !== null || spec.replicas === 0 || isStale(set)) return [];
  const labels = { namespace: metadata.namespace, statefulset: metadata.name };
  const time = { sinceMs: null, atLeastSinceMs: statusSince(metadata) };
  const toUpdate = Math.max(0, spec.replicas - (spec.updateStrategy?.rollingUpdate?.partition ?? 0));
  const isRolling = spec.updateStrategy?.type !== 'OnDelete' && status.updateRevision !== status.currentRevision;
  if (isRolling && status.updatedReplicas < toUpdate)
    return [
      {
        condition: 'KubeStatefulSetUpdateNotRolledOut',
        labels,
        says: `${status.updatedReplicas} of ${toUpdate} replicas are updated.`,
        ...time,
      },
    ];
  if (status.readyReplicas >= spec.replicas) return [];
  return [
    {
      condition: 'KubeStatefulSetReplicasMismatch',
      labels,
      says: `${status.readyReplicas} of ${spec.replicas} replicas are ready.`,
      ...time,
    },
  ];
}

export function daemonSetSymptoms(object: unknown): Symptom[] {
  const set = DaemonSet.parse(object);
  const { metadata, status } = set;
  if (metadata.deletionTimestamp !== null || isStale(set)) return [];
  const { desiredNumberScheduled: wantedPods, numberAvailable, updatedNumberScheduled, currentNumberScheduled } = status;
  if (Math.min(numberAvailable, updatedNumberScheduled, currentNumberScheduled) >= wantedPods) return [];
  return [
    {
      condition: 'KubeDaemonSetRolloutStuck',
      labels: { namespace: metadata.namespace, daemonset: metadata.name },
      says: `Of ${wantedPods} pods ${updatedNumberScheduled} are updated and ${numberAvailable} available.`,
      sinceMs: null,
      atLeastSinceMs: statusSince(metadata),
    },
  ];
}
