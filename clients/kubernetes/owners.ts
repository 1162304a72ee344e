import { AppsV1Api, CoreV1Api, CustomObjectsApi, type KubeConfig, type V1ObjectMeta } from '@kubernetes/client-node';
import { TARGET_KINDS, type TargetKind } from '../../incident/target.ts';
import type { Named } from '../cluster.ts';
import { INFERENCE_SERVICES } from '../serving/inference-service-type.ts';
import { orNull } from './api-failures.ts';

/** A chain of owners longer than this is not followed. */
const OWNERS_MAX = 5;

/** Climbs from what an alert names to its topmost owner that we know how to heal. */
export function ownerClimber(config: KubeConfig) {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);

  /** Null when the kind is none that we can read, or the object does not exist. */
  async function metadataOf(namespace: string, kind: string, name: string): Promise<V1ObjectMeta | null> {
    const at = { namespace, name };
    switch (kind) {
      case 'Pod':
        return (await orNull(() => core.readNamespacedPod(at)))?.metadata ?? null;
      case 'ReplicaSet':
        return (await orNull(() => apps.readNamespacedReplicaSet(at)))?.metadata ?? null;
      case 'Deployment':
        return (await orNull(() => apps.readNamespacedDeployment(at)))?.metadata ?? null;
      case 'InferenceService':
        return (await orNull(() => objects.getNamespacedCustomObject({ ...INFERENCE_SERVICES, ...at })))?.metadata ?? null;
      default:
        return null;
    }
  }

  return async (namespace: string, kind: TargetKind | 'Pod', name: string): Promise<Named | null> => {
    let topmost: Named | null = null;
    let here = { kind: kind as string, name };
    for (let height = 0; height < OWNERS_MAX; height++) {
      const metadata = await metadataOf(namespace, here.kind, here.name);
      if (metadata === null) return topmost;
      if (isTargetKind(here.kind)) topmost = { kind: here.kind, name: here.name };
      const owner = metadata.ownerReferences?.find((one) => one.controller);
      if (!owner) return topmost;
      here = { kind: owner.kind, name: owner.name };
    }
    return topmost;
  };
}

function isTargetKind(kind: string): kind is TargetKind {
  return (TARGET_KINDS as readonly string[]).includes(kind);
}
