import {
  AutoscalingV2Api,
  type ConfigurationOptions,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type V1ObjectMeta,
} from '@kubernetes/client-node';
import { TARGET_KINDS, type TargetKind } from '../../incident/target.ts';
import type { Named, SubjectKind } from '../cluster.ts';
import { JOB_SETS } from '../pipelines/object-types.ts';
import { INFERENCE_SERVICE_LABEL } from '../serving/inference-service-type.ts';
import { orNull } from './api-failures.ts';
import type { ResourceType } from './guarded-patch.ts';
import { RETRY_OF, RETRY_OF_UID } from './jobs/job-marks.ts';
import { scaledBy } from './scaled-by.ts';
import { RESOURCE_TYPES } from './target-types.ts';
import { REPLICA_SETS } from './workload-types.ts';

/** A chain of owners longer than this is not followed. */
const OWNERS_MAX = 5;

/** The controller above an object. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly metadata: V1ObjectMeta;
}

/** As far as an object tells what owns it. */
interface Owned {
  readonly kind: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly Reference[];
}

interface Reference {
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean | undefined;
  /** Where another object of the name would be the wrong one. */
  readonly uid?: string | undefined;
}

/** Reads the controllers above an object, the nearest first, as far as they are of kinds that we can read and exist. */
export type OwnerReader = (namespace: string, object: Owned, options?: ConfigurationOptions) => Promise<readonly Owner[]>;

export function ownerReader(config: KubeConfig): OwnerReader {
  const metadataOf = metadataReader(config);
  return async (namespace, object, options) => {
    const owners: Owner[] = [];
    let here: Owned = object;
    while (owners.length < OWNERS_MAX) {
      const owner = ofRevision(here) ?? here.ownerReferences?.find((one) => one.controller) ?? retriedBy(here);
      const metadata: V1ObjectMeta | null = owner ? await metadataOf(namespace, owner.kind, owner.name, options) : null;
      if (!owner || metadata === null || (owner.uid !== undefined && owner.uid !== metadata.uid)) return owners;
      owners.push({ kind: owner.kind, name: owner.name, metadata });
      here = { ...metadata, kind: owner.kind };
    }
    return owners;
  };
}

/** Knative stands with several kinds of its own between an InferenceService and a Deployment; the label is on all of them. */
function ofRevision({ labels, ownerReferences }: Owned): Reference | undefined {
  const name = labels?.[INFERENCE_SERVICE_LABEL];
  const isOfKnative = ownerReferences?.some(({ kind, controller }) => controller && kind === 'Revision');
  return name !== undefined && isOfKnative ? { kind: 'InferenceService', name } : undefined;
}

/** A retry is the matter of what it repeats, which is of the same kind, so that its failure is no other incident. */
function retriedBy({ kind, labels, annotations }: Owned): Reference | undefined {
  const name = annotations?.[RETRY_OF];
  return name === undefined ? undefined : { kind, name, uid: labels?.[RETRY_OF_UID] ?? '' };
}

/** Climbs from what an alert names to its topmost owner that we know how to heal; from an autoscaler by way of what it scales. */
export function ownerClimber(config: KubeConfig) {
  const autoscaling = config.makeApiClient(AutoscalingV2Api);
  const metadataOf = metadataReader(config);
  const ownersOf = ownerReader(config);
  return async (namespace: string | null, subject: SubjectKind, subjectName: string): Promise<Named | null> => {
    if (namespace === null) return null;
    const isAutoscaler = subject === 'HorizontalPodAutoscaler';
    const named = isAutoscaler ? await scaledBy(autoscaling, namespace, subjectName) : { kind: subject, name: subjectName };
    const metadata = named && (await metadataOf(namespace, named.kind, named.name));
    if (!metadata) return null;
    const line = [{ kind: named.kind as string, name: named.name }, ...(await ownersOf(namespace, { ...metadata, kind: named.kind }))];
    const topmost = line.findLast((one) => isTargetKind(one.kind));
    return topmost ? { kind: topmost.kind as TargetKind, name: topmost.name } : null;
  };
}

export function isTargetKind(kind: string): kind is TargetKind {
  return (TARGET_KINDS as readonly string[]).includes(kind);
}

/** What may stand between a target and its pods. */
const OWNER_TYPES: Readonly<Partial<Record<string, ResourceType>>> = {
  ...RESOURCE_TYPES,
  ReplicaSet: REPLICA_SETS,
  JobSet: JOB_SETS,
};

/** Reads what the API server keeps about an object: null when its kind is none that we can read, or it does not exist. */
function metadataReader(config: KubeConfig) {
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);
  return async (namespace: string, kind: string, name: string, options?: ConfigurationOptions): Promise<V1ObjectMeta | null> => {
    const at = { namespace, name };
    if (kind === 'Pod') return (await orNull(() => core.readNamespacedPod(at, options)))?.metadata ?? null;
    const type = OWNER_TYPES[kind];
    return type ? ((await orNull(() => objects.getNamespacedCustomObject({ ...type, ...at }, options)))?.metadata ?? null) : null;
  };
}
