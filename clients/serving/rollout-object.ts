import type {
  AppsV1Api,
  ConfigurationOptions,
  CoreV1Api,
  CustomObjectsApi,
  V1Deployment,
  V1Pod,
  V1PodTemplateSpec,
  V1ReplicaSet,
} from '@kubernetes/client-node';
import { z } from 'zod';
import { asClusterFailure } from '../kubernetes/api-failures.ts';
import type { RawObject } from '../kubernetes/guarded-patch.ts';
import { type ReleaseRead, TEMPLATE_HASH, type WorkloadRead } from '../kubernetes/read-workload.ts';
import { ROLLOUTS } from './object-types.ts';

const REVISION = 'rollout.argoproj.io/revision';
/** The label by which a Rollout's pods are known. */
const HASH = 'rollouts-pod-template-hash';
/** Written on a ReplicaSet: the labels and annotations that its template has only as long as it is stable, or a canary. */
const PASSING = 'rollout.argoproj.io/ephemeral-metadata';

const text = z.string().default('');
const texts = z.record(z.string(), z.string()).default({});

const Status = z.object({
  phase: text,
  message: text,
  abort: z.boolean().default(false),
  promoteFull: z.boolean().default(false),
  currentPodHash: text,
  stableRS: text,
  currentStepIndex: z.number().nullish(),
  readyReplicas: z.number().default(0),
  updatedReplicas: z.number().default(0),
  // Both are texts, though they are numbers.
  observedGeneration: text,
  workloadObservedGeneration: text,
  blueGreen: z.object({ activeSelector: text }).default({ activeSelector: '' }),
  conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: text, message: text })).default([]),
});

/** The fields used of a Rollout. */
export const Rollout = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    generation: z.number(),
    annotations: texts,
    creationTimestamp: z.string().optional(),
  }),
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    minReadySeconds: z.number().default(0),
    selector: z.object({ matchLabels: texts }).optional(),
    template: z.custom<V1PodTemplateSpec>((value) => typeof value === 'object' && value !== null).optional(),
    workloadRef: z.object({ kind: z.string(), name: z.string() }).optional(),
    strategy: z
      .object({ canary: z.object({ steps: z.array(z.unknown()).default([]) }).nullish(), blueGreen: z.unknown().optional() })
      .default({}),
  }),
  status: Status.prefault({}),
});
export type Rollout = z.infer<typeof Rollout>;

/** A Rollout, what it keeps its pods by, and the Deployment that it takes its template from, where it has none of its own. */
export interface RolloutRead {
  readonly rollout: Rollout;
  /** As a Deployment of the same releases and pods would be read. */
  readonly workload: WorkloadRead;
  readonly reference: V1Deployment | null;
}

interface Apis {
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  readonly objects: CustomObjectsApi;
}

/** @throws TargetGone when it, or the Deployment that holds its template, does not exist */
export async function readRollout(
  { apps, core, objects }: Apis,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  options?: ConfigurationOptions,
): Promise<RolloutRead> {
  const object = await asClusterFailure(`Rollout ${namespace}/${name}`, () =>
    objects.getNamespacedCustomObject({ ...ROLLOUTS, namespace, name }, options),
  );
  const rollout = Rollout.parse(object);
  const reference = await referenceOf(apps, namespace, rollout, options);
  const template = rollout.spec.template ?? reference?.spec?.template;
  const labels = rollout.spec.selector?.matchLabels ?? reference?.spec?.selector.matchLabels ?? {};
  const labelSelector = Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  if (!template || labelSelector === '')
    throw new Error(`Cannot list pods of Rollout ${namespace}/${name}: it has no template, or a selector without matchLabels.`);
  const [sets, pods] = await Promise.all([
    apps.listNamespacedReplicaSet({ namespace, labelSelector }, options),
    core.listNamespacedPod({ namespace, labelSelector }, options),
  ]);
  const owned = sets.items.filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === rollout.metadata.uid));
  const owners = new Set(owned.map(({ metadata }) => metadata?.uid));
  const workload: WorkloadRead = {
    kind: 'Deployment',
    object: asDeployment(rollout, reference, template, labels),
    releases: owned.map(releaseOf).toSorted((a, b) => b.revision - a.revision),
    pods: pods.items.filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => owners.has(uid))).map(withHash),
  };
  return { rollout, workload, reference };
}

async function referenceOf(apps: AppsV1Api, namespace: string, { metadata, spec }: Rollout, options?: ConfigurationOptions) {
  const { workloadRef } = spec;
  if (!workloadRef) return null;
  if (workloadRef.kind !== 'Deployment')
    throw new Error(`Rollout ${namespace}/${metadata.name} takes its template from a ${workloadRef.kind}; only Deployments are known.`);
  const { name } = workloadRef;
  return asClusterFailure(`Deployment ${namespace}/${name}`, () => apps.readNamespacedDeployment({ namespace, name }, options));
}

/** Its controller has seen the newest template only where it has seen the Deployment that holds it, too. */
function asDeployment(
  { metadata, spec, status }: Rollout,
  reference: V1Deployment | null,
  template: V1PodTemplateSpec,
  matchLabels: Readonly<Record<string, string>>,
): V1Deployment {
  const seesTemplate = Number(status.workloadObservedGeneration) >= (reference?.metadata?.generation ?? 0);
  const { readyReplicas, updatedReplicas, conditions } = status;
  return {
    metadata: { ...metadata, creationTimestamp: new Date(metadata.creationTimestamp ?? 0) },
    spec: { replicas: spec.replicas, paused: spec.paused, minReadySeconds: spec.minReadySeconds, selector: { matchLabels }, template },
    status: { observedGeneration: seesTemplate ? Number(status.observedGeneration) : 0, readyReplicas, updatedReplicas, conditions },
  };
}

function releaseOf({ metadata, spec }: V1ReplicaSet): ReleaseRead {
  return {
    metadata,
    hash: metadata?.labels?.[HASH] ?? '',
    revision: Number(metadata?.annotations?.[REVISION] ?? 0),
    template: spec?.template && templateOf(spec.template, metadata?.annotations),
  };
}

/** Pods are told apart by the hash that a Deployment's have. */
function withHash(pod: V1Pod): V1Pod {
  const labels = pod.metadata?.labels ?? {};
  return { ...pod, metadata: { ...pod.metadata, labels: { ...labels, [TEMPLATE_HASH]: labels[HASH] ?? '' } } };
}

const Passing = z.object({ labels: texts.nullish(), annotations: texts.nullish() });

/** The template of a ReplicaSet as whoever deploys the Rollout wrote it, with no other field dropped. */
export function writtenTemplate({ metadata, spec }: RawObject): V1PodTemplateSpec {
  return templateOf(spec.template as V1PodTemplateSpec, metadata.annotations);
}

function templateOf(template: V1PodTemplateSpec, annotations: Readonly<Record<string, string>> | undefined): V1PodTemplateSpec {
  const noted = annotations?.[PASSING];
  const passing = noted === undefined ? {} : Passing.parse(JSON.parse(noted));
  const labels = without(template.metadata?.labels, [HASH, ...Object.keys(passing.labels ?? {})]);
  const own = without(template.metadata?.annotations, Object.keys(passing.annotations ?? {}));
  return {
    ...template,
    metadata: { ...template.metadata, labels, ...(Object.keys(own).length > 0 ? { annotations: own } : { annotations: {} }) },
  };
}

function without(record: Readonly<Record<string, string>> | undefined, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([name]) => !names.includes(name)));
}
