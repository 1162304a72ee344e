import type { V1ContainerStatus, V1Deployment, V1Node, V1Pod, V1PodTemplateSpec, V1ReplicaSet } from '@kubernetes/client-node';
import type { ContainerSeen, LastExit, PodEnd, PodSeen, Release, WorkloadEvidence } from '../../incident/evidence.ts';
import { memoryMi } from '../../incident/memory.ts';
import { redact } from '../../incident/redact.ts';
import { differencesOf } from './release/differences.ts';
import { referencesOf } from './release/references.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const TEMPLATE_HASH = 'pod-template-hash';
const MESSAGE_CHARACTERS_MAX = 300;
/** The scheduler gives a reason for each node. */
const SCHEDULING_CHARACTERS_MAX = 600;

/** A Deployment with its ReplicaSets, newest first, and its pods, as read. */
export interface WorkloadRead {
  readonly deployment: V1Deployment;
  readonly replicaSets: readonly V1ReplicaSet[];
  readonly pods: readonly V1Pod[];
}

/**
 * What was read, in the product's words.
 * @param zones the zone of each node, as far as it is known
 * @param nowMs when it was read, epoch milliseconds
 */
export function workloadEvidence(
  { deployment, replicaSets, pods }: WorkloadRead,
  zones: ReadonlyMap<string, string>,
  nowMs = Date.now(),
): WorkloadEvidence {
  const { metadata, spec, status } = deployment;
  const [newest, previous] = replicaSets;
  const [to, from] = [newest?.spec?.template, previous?.spec?.template];
  return {
    kind: 'Deployment',
    uid: metadata?.uid ?? '',
    generation: metadata?.generation ?? 0,
    observed: (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
    replicasWanted: spec?.replicas ?? 1,
    replicasReady: status?.readyReplicas ?? 0,
    replicasUpdated: status?.updatedReplicas ?? 0,
    paused: spec?.paused ?? false,
    releases: replicaSets.slice(0, 2).map(releaseOf),
    memory: memoryOf(spec?.template),
    memoryBefore: memoryOf(from),
    pods: pods.filter((pod) => !pod.metadata?.deletionTimestamp).map((pod) => podSeen(pod, zones, nowMs)),
    differences: from && to ? differencesOf(from, to, metadata?.uid ?? '') : [],
    references: referencesOf(to, from),
    releaseAgeSeconds: newest ? secondsBetween(newest.metadata?.creationTimestamp, nowMs) : null,
    createFailure: conditionText(deployment, 'ReplicaFailure', ({ status }) => status === 'True'),
    provedReady: provedReady(deployment),
    progressStopped: conditionText(deployment, 'Progressing', ({ reason }) => reason === 'ProgressDeadlineExceeded'),
  };
}

function memoryOf(template: V1PodTemplateSpec | undefined): WorkloadEvidence['memory'] {
  const containers = template?.spec?.containers ?? [];
  return Object.fromEntries(
    containers.map(({ name, resources }) => [
      name,
      { limit: resources?.limits?.memory ?? null, request: resources?.requests?.memory ?? null },
    ]),
  );
}

/** Without a probe a container counts as ready as soon as it runs, which proves nothing. */
function provedReady({ spec, status }: V1Deployment): boolean {
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  const containers = spec?.template.spec?.containers ?? [];
  const isProof = (spec?.minReadySeconds ?? 0) > 0 || containers.some(({ readinessProbe }) => readinessProbe !== undefined);
  return progressing?.reason === 'NewReplicaSetAvailable' && isProof;
}

/** What a condition says, while it holds. */
function conditionText(
  { status }: V1Deployment,
  type: string,
  holds: (condition: { readonly status: string; readonly reason?: string }) => boolean,
): string | null {
  const condition = status?.conditions?.find((one) => one.type === type);
  return condition && holds(condition) ? redact(condition.message ?? '', SCHEDULING_CHARACTERS_MAX) : null;
}

/** Zero where it is not known, and where clocks disagree: rather too young than too old. */
function secondsBetween(from: Date | string | undefined, toMs: number): number {
  return from === undefined ? 0 : Math.max(0, Math.round((toMs - new Date(from).getTime()) / 1000));
}

function releaseOf(set: V1ReplicaSet): Release {
  return {
    replicaSet: set.metadata?.name ?? '',
    uid: set.metadata?.uid ?? '',
    hash: set.metadata?.labels?.[TEMPLATE_HASH] ?? '',
    revision: revisionOf(set),
    images: (set.spec?.template?.spec?.containers ?? []).map(({ image }) => image ?? ''),
  };
}

export function revisionOf(set: V1ReplicaSet): number {
  return Number(set.metadata?.annotations?.[REVISION] ?? 0);
}

/** Its Ready condition is true. Of a node it means the same. */
export function isReady({ status }: Pick<V1Pod, 'status'> | Pick<V1Node, 'status'>): boolean {
  return status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
}

export function podSeen(pod: V1Pod, zones: ReadonlyMap<string, string>, nowMs: number): PodSeen {
  const node = pod.spec?.nodeName ?? null;
  const conditions = pod.status?.conditions ?? [];
  const scheduling = conditions.find(({ type }) => type === 'PodScheduled');
  const readiness = conditions.find(({ type }) => type === 'Ready');
  const madeAt = pod.metadata?.creationTimestamp;
  const readySinceMs = readiness?.lastTransitionTime === undefined ? null : new Date(readiness.lastTransitionTime).getTime();
  return {
    name: pod.metadata?.name ?? '',
    uid: pod.metadata?.uid ?? '',
    release: pod.metadata?.labels?.[TEMPLATE_HASH] ?? '',
    ready: isReady(pod),
    node,
    zone: node === null ? null : (zones.get(node) ?? null),
    unschedulable: scheduling?.reason === 'Unschedulable' ? (scheduling.message ?? '').slice(0, SCHEDULING_CHARACTERS_MAX) : null,
    emptyDirs: (pod.spec?.volumes ?? []).filter(({ emptyDir }) => emptyDir && emptyDir.medium !== 'Memory').map(({ name }) => name),
    containers: [
      ...initContainersSeen(pod, nowMs),
      ...(pod.spec?.containers ?? []).map((container) =>
        containerSeen(
          container,
          pod.status?.containerStatuses?.find(({ name }) => name === container.name),
          nowMs,
        ),
      ),
    ],
    ageSeconds: secondsBetween(madeAt, nowMs),
    notReadySeconds: isReady(pod) ? null : secondsBetween(readiness?.lastTransitionTime ?? madeAt, nowMs),
    readyAfterSeconds: isReady(pod) && readySinceMs !== null ? secondsBetween(madeAt, readySinceMs) : null,
    ended: endOf(pod, nowMs),
  };
}

/** A pod that failed keeps what it last said; one that its controller has replaced is no part of the target's health. */
function endOf({ metadata, status }: V1Pod, nowMs: number): PodEnd | null {
  if (status?.phase !== 'Failed') return null;
  const exits = (status.containerStatuses ?? []).flatMap(({ state }) => state?.terminated?.finishedAt ?? []);
  const disrupted = status.conditions?.find(({ type }) => type === 'DisruptionTarget')?.lastTransitionTime;
  const at = [...exits, ...(disrupted ? [disrupted] : [])].map((one) => new Date(one).getTime());
  const since = at.length > 0 ? new Date(Math.max(...at)) : metadata?.creationTimestamp;
  return {
    reason: status.reason ?? '',
    message: redact(status.message ?? '', MESSAGE_CHARACTERS_MAX),
    secondsAgo: secondsBetween(since, nowMs),
  };
}

/** Init containers matter only while they fail: one that is done is no longer `ready` and says nothing. */
function initContainersSeen(pod: V1Pod, nowMs: number): ContainerSeen[] {
  return (pod.spec?.initContainers ?? [])
    .map((container) =>
      containerSeen(
        container,
        pod.status?.initContainerStatuses?.find(({ name }) => name === container.name),
        nowMs,
      ),
    )
    .filter(({ ready, waiting, lastExit }) => !ready && (waiting !== null || (lastExit !== null && lastExit.code !== 0)));
}

function containerSeen(
  { name, image, resources }: { name: string; image?: string; resources?: { limits?: { [resource: string]: string } } },
  status: V1ContainerStatus | undefined,
  nowMs: number,
): ContainerSeen {
  return {
    name,
    image: image ?? '',
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    waiting: status?.state?.waiting?.reason ?? null,
    waitingMessage: status?.state?.waiting?.message ? redact(status.state.waiting.message, MESSAGE_CHARACTERS_MAX) : null,
    lastExit: lastExitOf(status),
    runningSeconds: status?.state?.running ? secondsBetween(status.state.running.startedAt, nowMs) : null,
    memoryLimitMi: memoryMi(resources?.limits?.memory),
  };
}

function lastExitOf(status: V1ContainerStatus | undefined): LastExit | null {
  const exit = status?.state?.terminated ?? status?.lastState?.terminated;
  if (!exit) return null;
  const message = exit.message ? redact(exit.message, MESSAGE_CHARACTERS_MAX) : null;
  return { reason: exit.reason ?? '', code: exit.exitCode, message };
}
