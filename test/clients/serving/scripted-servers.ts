import { createHash } from 'node:crypto';
import {
  AppsV1Api,
  CustomObjectsApi,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1PodTemplateSpec,
} from '@kubernetes/client-node';
import type { ResourceType } from '../../../clients/kubernetes/guarded-patch.ts';

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const HASH = 'rollouts-pod-template-hash';

/** What a controller would do that is not there: the Deployments, ReplicaSets and status that it makes. Their pods are real ones of the cluster. */
export function scriptedServers(admin: KubeConfig, namespace: string) {
  const apps = admin.makeApiClient(AppsV1Api);
  const objects = admin.makeApiClient(CustomObjectsApi);

  /** @returns its uid */
  async function create(type: ResourceType, kind: string, name: string, spec: object, annotations: Record<string, string> = {}) {
    const body = { apiVersion: `${type.group}/${type.version}`, kind, metadata: { name, annotations }, spec };
    const made = await objects.createNamespacedCustomObject({ ...type, namespace, body });
    return (made as { metadata: { uid: string } }).metadata.uid;
  }

  async function setStatus(type: ResourceType, name: string, status: object): Promise<void> {
    await objects.patchNamespacedCustomObjectStatus({ ...type, namespace, name, body: { status } }, MERGE);
  }

  /** A Deployment of one pod. */
  async function createDeployment(
    name: string,
    template: Omit<V1PodTemplateSpec, 'spec'> & { readonly spec: object },
    more: { owner?: object; annotations?: Record<string, string>; labels?: Record<string, string> } = {},
  ) {
    const labels = { app: name, ...more.labels };
    const body = {
      metadata: { name, labels, annotations: more.annotations ?? {}, ...(more.owner ? { ownerReferences: [more.owner as never] } : {}) },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: { metadata: { ...template.metadata, labels }, spec: { automountServiceAccountToken: false, ...template.spec } as never },
      },
    };
    await apps.createNamespacedDeployment({ namespace, body });
  }

  /** Makes the ReplicaSet of a revision of a Rollout, as its controller does, and gives its hash. */
  async function createRevision(
    rollout: { readonly name: string; readonly uid: string },
    revision: number,
    template: V1PodTemplateSpec,
    passing: Record<string, string> = {},
  ): Promise<string> {
    const hash = createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 10);
    const labels = { ...template.metadata?.labels, ...passing, [HASH]: hash };
    const owner = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: rollout.name, uid: rollout.uid, controller: true };
    const annotations = {
      'rollout.argoproj.io/revision': String(revision),
      'rollout.argoproj.io/ephemeral-metadata': JSON.stringify({ labels: passing }),
    };
    const body = {
      metadata: { name: `${rollout.name}-${hash}`, labels, annotations, ownerReferences: [owner] },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: rollout.name, [HASH]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    };
    await apps.createNamespacedReplicaSet({ namespace, body });
    return hash;
  }

  /** As a Rollout's controller does with the Deployment that holds its template. */
  async function scaleToNone(name: string): Promise<void> {
    await apps.patchNamespacedDeployment({ namespace, name, body: { spec: { replicas: 0 } } }, MERGE);
  }

  async function read<T>(type: ResourceType, name: string): Promise<T> {
    return (await objects.getNamespacedCustomObject({ ...type, namespace, name })) as T;
  }

  /** As a person would. */
  async function change(type: ResourceType, name: string, body: object): Promise<void> {
    await objects.patchNamespacedCustomObject({ ...type, namespace, name, body }, MERGE);
  }

  return { create, setStatus, createDeployment, createRevision, scaleToNone, read, change };
}
