import type { Objects, RawObject } from '../clients/kubernetes/any-objects.ts';

/** Objects as far as they are looked at. */
export type Seen = Pick<Objects, 'read' | 'list'>;

const API_VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  InferenceService: 'serving.kserve.io/v1beta1',
  Job: 'batch/v1',
  Pod: 'v1',
  Node: 'v1',
  PersistentVolumeClaim: 'v1',
};

/** Kinds of which it can be told whether they are ready. */
export const READABLE_KINDS: readonly string[] = Object.keys(API_VERSIONS);

/** All that is wanted of it is rolled out and ready; what is wanted is more than nothing. */
export async function isReady({ kind, name }: { readonly kind: string; readonly name: string }, objects: Seen): Promise<boolean> {
  const apiVersion = API_VERSIONS[kind];
  if (!apiVersion) throw new Error(`Whether a ${kind} is ready cannot be told; it can of ${READABLE_KINDS.join(', ')}.`);
  const object = await objects.read({ apiVersion, kind, name });
  if (!object) return false;
  if (kind !== 'InferenceService') return isSettled(object);
  const made = await objects.read({ apiVersion: 'apps/v1', kind: 'Deployment', name: `${name}-predictor` });
  return hasCondition(object, 'Ready') && made !== null && isSettled(made) && !(await servesAnotherVersion(object, objects));
}

/** A ready pod of an earlier version serves still. */
async function servesAnotherVersion({ metadata, spec }: RawObject, objects: Seen): Promise<boolean> {
  const pods = await objects.list('v1', 'Pod', `serving.kserve.io/inferenceservice=${metadata.name}`);
  const wanted = spec.predictor?.model?.storageUri;
  const initializer = 'internal.serving.kserve.io/storage-initializer-sourceuri';
  return pods.some((pod) => {
    const served = (pod.metadata as { annotations?: Record<string, string> }).annotations?.[initializer];
    return served !== undefined && wanted !== undefined && served !== wanted;
  });
}

function isSettled({ kind, metadata, spec, status = {} }: RawObject): boolean {
  const isSeen = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  switch (kind) {
    case 'Deployment': {
      const wanted = spec.replicas ?? 1;
      return isSeen && wanted > 0 && [status.replicas, status.updatedReplicas, status.readyReplicas].every((count) => count === wanted);
    }
    case 'StatefulSet': {
      const wanted = spec.replicas ?? 1;
      return isSeen && status.readyReplicas === wanted && status.currentRevision === status.updateRevision;
    }
    case 'DaemonSet':
      return isSeen && status.numberReady === status.desiredNumberScheduled && status.updatedNumberScheduled === status.numberReady;
    case 'Job':
      return (status.succeeded ?? 0) >= (spec.completions ?? 1);
    case 'PersistentVolumeClaim':
      return status.phase === 'Bound';
    default:
      return hasCondition({ status }, 'Ready');
  }
}

function hasCondition({ status }: Pick<RawObject, 'status'>, type: string): boolean {
  const conditions: readonly { readonly type: string; readonly status: string }[] = status?.conditions ?? [];
  return conditions.some((one) => one.type === type && one.status === 'True');
}
