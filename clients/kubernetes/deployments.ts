import { randomUUID } from 'node:crypto';
import {
  ApiException,
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1Deployment,
  type V1Pod,
  type V1ReplicaSet,
} from '@kubernetes/client-node';
import type { ContainerSeen, Evidence, PodSeen } from '../../incident/evidence.ts';
import type { Target } from '../../incident/target.ts';
import { memoryMi } from './memory.ts';
import { TargetChanged, TargetGone, type Workloads } from './workloads.ts';

const LAST_ACTION = 'paramedic.dev/last-action';
const LAST_ACTION_PATH = '/metadata/annotations/paramedic.dev~1last-action';
const REVISION = 'deployment.kubernetes.io/revision';
const TEMPLATE_HASH = 'pod-template-hash';

/** Workloads that are Deployments, through the API server of the given configuration. */
export function deploymentWorkloads(config: KubeConfig): Workloads {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);

  async function readDeployment({ namespace, name }: Target): Promise<V1Deployment> {
    try {
      return await apps.readNamespacedDeployment({ namespace, name });
    } catch (error) {
      if (isStatus(error, 404)) throw new TargetGone(`Deployment ${namespace}/${name} does not exist.`, { cause: error });
      throw error;
    }
  }

  /** The Deployment's ReplicaSets, newest revision first. */
  async function releasesOf(deployment: V1Deployment): Promise<V1ReplicaSet[]> {
    const list = await apps.listNamespacedReplicaSet({ namespace: deployment.metadata!.namespace!, labelSelector: selectorOf(deployment) });
    return list.items
      .filter((set) => set.metadata?.ownerReferences?.some((owner) => owner.uid === deployment.metadata?.uid))
      .sort((a, b) => revisionOf(b) - revisionOf(a));
  }

  /** Writes only over the very object that was read, and records the key in the same write. */
  async function patch(deployment: V1Deployment, target: Target, generation: number, key: string, change: object[]): Promise<void> {
    if (deployment.metadata?.generation !== generation) {
      throw new TargetChanged(
        `${target.namespace}/${target.name} is at generation ${deployment.metadata?.generation}, but the plan was made for ${generation}.`,
      );
    }
    const annotations = deployment.metadata.annotations ? [] : [{ op: 'add', path: '/metadata/annotations', value: {} }];
    const body = [
      { op: 'test', path: '/metadata/resourceVersion', value: deployment.metadata.resourceVersion },
      ...annotations,
      { op: 'add', path: LAST_ACTION_PATH, value: key },
      ...change,
    ];
    await apps.patchNamespacedDeployment(
      { namespace: target.namespace, name: target.name, body, fieldManager: 'paramedic' },
      setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
    );
  }

  return {
    async observe(target) {
      const deployment = await readDeployment(target);
      const [releases, pods] = await Promise.all([
        releasesOf(deployment),
        core.listNamespacedPod({ namespace: target.namespace, labelSelector: selectorOf(deployment) }),
      ]);
      return evidenceOf(deployment, releases, pods.items);
    },

    async ownerOf(namespace, pod) {
      try {
        const owner = controllerOf(await core.readNamespacedPod({ namespace, name: pod }));
        if (owner?.kind !== 'ReplicaSet') return null;
        const above = controllerOf(await apps.readNamespacedReplicaSet({ namespace, name: owner.name }));
        return above?.kind === 'Deployment' ? { kind: above.kind, name: above.name } : null;
      } catch (error) {
        if (isStatus(error, 404)) return null;
        throw error;
      }
    },

    async exists(namespace, kind, name) {
      if (kind !== 'Deployment') return false;
      try {
        await apps.readNamespacedDeployment({ namespace, name });
        return true;
      } catch (error) {
        if (isStatus(error, 404)) return false;
        throw error;
      }
    },

    async lastActionKey(target) {
      return (await readDeployment(target)).metadata?.annotations?.[LAST_ACTION] ?? null;
    },

    async undoRelease(target, generation, key) {
      const deployment = await readDeployment(target);
      const [newest, previous] = await releasesOf(deployment);
      if (!newest || !previous?.spec?.template) throw new TargetChanged(`${target.name} has no previous release to go back to.`);
      const template = structuredClone(previous.spec.template);
      if (template.metadata?.labels) delete template.metadata.labels[TEMPLATE_HASH];
      await patch(deployment, target, generation, key, [{ op: 'replace', path: '/spec/template', value: template }]);
      return {
        before: `revision ${revisionOf(newest)} (${imagesOf(newest)})`,
        after: `template of revision ${revisionOf(previous)} (${imagesOf(previous)})`,
      };
    },

    async raiseMemory(target, generation, key, container, limitMi) {
      const deployment = await readDeployment(target);
      const index = deployment.spec?.template.spec?.containers.findIndex((one) => one.name === container) ?? -1;
      const before = deployment.spec?.template.spec?.containers[index]?.resources?.limits?.memory;
      if (index < 0 || before === undefined) throw new TargetChanged(`${target.name} has no container ${container} with a memory limit.`);
      const path = `/spec/template/spec/containers/${index}/resources/limits/memory`;
      await patch(deployment, target, generation, key, [{ op: 'replace', path, value: `${limitMi}Mi` }]);
      return { before: `${container} limit ${before}`, after: `${container} limit ${limitMi}Mi` };
    },

    async deletePod(namespace, pod, uid) {
      try {
        await core.deleteNamespacedPod({ namespace, name: pod, body: { preconditions: { uid } } });
      } catch (error) {
        // 409: a new pod carries the name, so the one we meant is gone.
        if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
      }
    },

    async recordEvent(target, reason, message) {
      const now = new Date();
      await core.createNamespacedEvent({
        namespace: target.namespace,
        body: {
          metadata: { name: `paramedic.${randomUUID()}`, namespace: target.namespace },
          involvedObject: { apiVersion: 'apps/v1', kind: target.kind, namespace: target.namespace, name: target.name },
          reason,
          message,
          type: 'Normal',
          source: { component: 'paramedic' },
          firstTimestamp: now,
          lastTimestamp: now,
          count: 1,
        },
      });
    },
  };
}

function evidenceOf(deployment: V1Deployment, releases: readonly V1ReplicaSet[], pods: readonly V1Pod[]): Evidence {
  const { metadata, spec, status } = deployment;
  const hash = (set: V1ReplicaSet | undefined) => set?.metadata?.labels?.[TEMPLATE_HASH] ?? null;
  return {
    generation: metadata?.generation ?? 0,
    observed: (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
    replicasWanted: spec?.replicas ?? 1,
    replicasReady: status?.readyReplicas ?? 0,
    replicasUpdated: status?.updatedReplicas ?? 0,
    paused: spec?.paused ?? false,
    release: hash(releases[0]),
    previousRelease: hash(releases[1]),
    pods: pods.filter((pod) => !pod.metadata?.deletionTimestamp).map(podSeen),
  };
}

function podSeen(pod: V1Pod): PodSeen {
  return {
    name: pod.metadata?.name ?? '',
    uid: pod.metadata?.uid ?? '',
    release: pod.metadata?.labels?.[TEMPLATE_HASH] ?? '',
    ready: pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    containers: (pod.spec?.containers ?? []).map((container): ContainerSeen => {
      const status = pod.status?.containerStatuses?.find(({ name }) => name === container.name);
      const exit = status?.lastState?.terminated ?? status?.state?.terminated;
      return {
        name: container.name,
        image: container.image ?? '',
        ready: status?.ready ?? false,
        restarts: status?.restartCount ?? 0,
        waiting: status?.state?.waiting?.reason ?? null,
        lastExit: exit ? { reason: exit.reason ?? '', code: exit.exitCode } : null,
        memoryLimitMi: memoryMi(container.resources?.limits?.memory),
      };
    }),
  };
}

function controllerOf(object: V1Pod | V1ReplicaSet) {
  return object.metadata?.ownerReferences?.find((owner) => owner.controller);
}

/** @throws when the Deployment selects by expressions alone: an empty selection must never mean "all". */
function selectorOf(deployment: V1Deployment): string {
  const labels = Object.entries(deployment.spec?.selector.matchLabels ?? {});
  if (labels.length === 0) throw new Error(`Cannot list pods of ${deployment.metadata?.name}: its selector has no matchLabels.`);
  return labels.map(([label, value]) => `${label}=${value}`).join(',');
}

function revisionOf(set: V1ReplicaSet): number {
  return Number(set.metadata?.annotations?.[REVISION] ?? 0);
}

function imagesOf(set: V1ReplicaSet): string {
  return (set.spec?.template?.spec?.containers ?? []).map(({ image }) => image).join(', ');
}

function isStatus(error: unknown, code: number): boolean {
  return error instanceof ApiException && error.code === code;
}
