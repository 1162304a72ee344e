import { setTimeout as pause } from 'node:timers/promises';
import {
  ApiException,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  type V1Deployment,
} from '@kubernetes/client-node';
import { NAMESPACE } from './breakage.ts';

const LOOK_EVERY_MS = 250;
const PATIENCE_MS = 120_000;

/** The demo's own hands in the cluster: a person's who deploys. Paramedic has others, with fewer rights. */
export function objectsIn(config: KubeConfig) {
  const api = KubernetesObjectApi.makeApiClient(config);
  const placed = <T extends KubernetesObject>(object: T) => ({ ...object, metadata: { ...object.metadata, namespace: NAMESPACE } });
  const read = (object: KubernetesObject) =>
    orNull(() => api.read({ ...placed(object), metadata: { name: object.metadata?.name ?? '', namespace: NAMESPACE } }));

  return {
    async ensureNamespace(): Promise<void> {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
      if ((await orNull(() => api.read(namespace))) === null) await api.create(namespace);
    },
    async remove(object: KubernetesObject): Promise<void> {
      await orNull(() => api.delete(placed(object), undefined, undefined, 0, undefined, 'Foreground'));
      await until(`${nameOf(object)} is gone`, async () => (await read(object)) === null);
    },
    async create(object: KubernetesObject): Promise<void> {
      await api.create(placed(object));
    },
    async untilReady(object: KubernetesObject): Promise<void> {
      await until(`${nameOf(object)} is ready`, async () => isReady(await read(object)));
    },
    /** Merges fields into the object, as `kubectl patch --type=merge` does. */
    async change(object: KubernetesObject, spec: object): Promise<void> {
      const { apiVersion, kind, metadata } = object;
      const patch = { apiVersion, kind, metadata: { name: metadata?.name ?? '', namespace: NAMESPACE }, spec };
      await api.patch(patch as KubernetesObject, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
    },
  };
}

function isReady(object: KubernetesObject | null): boolean {
  if (object?.kind === 'Deployment') {
    const { spec, status, metadata } = object as V1Deployment;
    return status?.observedGeneration === metadata?.generation && status?.readyReplicas === spec?.replicas;
  }
  const { status } = (object ?? {}) as { status?: { conditions?: { type: string; status: string }[] } };
  return status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
}

async function orNull<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return null;
    throw error;
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS; await pause(LOOK_EVERY_MS)) if (await holds()) return;
  throw new Error(`Within ${PATIENCE_MS / 1000} s it did not happen that ${what}. The logs of the sandbox's parts tell more.`);
}

function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${NAMESPACE}/${metadata?.name}`;
}
