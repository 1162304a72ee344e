import type { V1ContainerStatus, V1Node, V1Pod, V1PodTemplateSpec } from '@kubernetes/client-node';
import { saysExpired } from '../../incident/certificate-words.ts';
import type { ContainerSeen, LastExit, OverduePod, PodEnd, PodSeen, Release, WorkloadEvidence } from '../../incident/evidence.ts';
import { memoryMi } from '../../incident/memory.ts';
import { redact } from '../../incident/redact.ts';
import type { ReleaseReference } from '../../incident/reference.ts';
import { type ReleaseRead, releaseHashOf, type WorkloadRead } from './read-workload.ts';
import { differencesOf } from './release/differences.ts';
import { referencesOf } from './release/references.ts';
import { countsOf, rolloutOf } from './rollouts.ts';

const MESSAGE_CHARACTERS_MAX = 300;
/** The scheduler gives a reason for each node. */
const SCHEDULING_CHARACTERS_MAX = 600;
/** What a node is given beyond the time that a pod has to end. */
const OVERDUE_SECONDS = 10;
const CLAIMS_MAX = 20;

/**
 * What was read, in the product's words.
 * @param zones the zone of each node, as far as it is known
 * @param nowMs when it was read, epoch milliseconds
 */
export function workloadEvidence(read: WorkloadRead, zones: ReadonlyMap<string, string>, nowMs = Date.now()): WorkloadEvidence {
  const { kind, object, releases } = read;
  const { metadata, spec } = object;
  const uid = metadata?.uid ?? '';
  const { newest, previous, sinceMade } = lastRelease(releases, uid);
  const [to, from] = [newest?.template, previous?.template];
  const pods = read.pods.filter((pod) => !pod.metadata?.deletionTimestamp).map((pod) => podSeen(pod, zones, nowMs));
  return {
    kind,
    uid,
    generation: metadata?.generation ?? 0,
    ...countsOf(read),
    paused: (kind === 'Deployment' && object.spec?.paused) || false,
    rollout: rolloutOf(read),
    releases: [newest, previous].filter((one) => one !== undefined).map(releaseOf),
    memory: memoryOf(spec?.template),
    memoryBefore: memoryOf(from),
    pods,
    overdue: read.pods.flatMap((pod) => overdueSince(pod, nowMs)),
    differences: from && to ? differencesOf(from, to, uid) : [],
    references: [...referencesOf(to, from), ...claimsOf(kind, pods)],
    releaseAgeSeconds: newest ? secondsBetween(sinceMade, nowMs) : null,
    createFailure: conditionText(read, 'ReplicaFailure', ({ status }) => status === 'True'),
    provedReady: provedReady(read),
    progressStopped: conditionText(read, 'Progressing', ({ reason }) => reason === 'ProgressDeadlineExceeded'),
    served: null,
  };
}

/**
 * The newest release and the one before it. What merely starts the same pods anew, as `kubectl rollout restart` does, is no release of its
 * own: it is as old as what it starts anew, and what came before that is the one to go back to.
 */
export function lastRelease(releases: readonly ReleaseRead[], uid: string) {
  const [newest, ...older] = releases;
  const differs = ({ template }: ReleaseRead) =>
    newest?.template !== undefined && template !== undefined && differencesOf(template, newest.template, uid).length > 0;
  const at = older.findIndex(differs);
  if (at < 0) return { newest, previous: older[0], sinceMade: newest?.metadata?.creationTimestamp };
  return { newest, previous: older[at], sinceMade: releases[at]?.metadata?.creationTimestamp };
}

/** Claims that a StatefulSet makes for each of its pods are in no template, and are older than its releases. */
function claimsOf(kind: WorkloadRead['kind'], pods: readonly PodSeen[]): readonly ReleaseReference[] {
  if (kind !== 'StatefulSet') return [];
  const names = [...new Set(pods.filter(({ ready }) => !ready).flatMap(({ claims }) => claims))];
  return names.slice(0, CLAIMS_MAX).map((name) => ({ kind: 'PersistentVolumeClaim', name, keys: [], inPrevious: true }));
}

/** Kubernetes notes until when a pod that is deleted is to have ended. */
function overdueSince({ metadata, spec }: V1Pod, nowMs: number): OverduePod[] {
  if (!metadata?.deletionTimestamp) return [];
  const overdueSeconds = secondsBetween(metadata.deletionTimestamp, nowMs);
  return overdueSeconds < OVERDUE_SECONDS ? [] : [{ name: metadata.name ?? '', node: spec?.nodeName ?? null, overdueSeconds }];
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

/** Without a probe a container counts as ready as soon as it runs, which proves nothing. Only Deployments say that a release was ready whole. */
function provedReady({ kind, object }: WorkloadRead): boolean {
  if (kind !== 'Deployment') return false;
  const { spec, status } = object;
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  const containers = spec?.template.spec?.containers ?? [];
  const isProof = (spec?.minReadySeconds ?? 0) > 0 || containers.some(({ readinessProbe }) => readinessProbe !== undefined);
  return progressing?.reason === 'NewReplicaSetAvailable' && isProof;
}

/** What a condition says, while it holds; only Deployments have any. */
function conditionText(
  { kind, object }: WorkloadRead,
  type: string,
  holds: (condition: { readonly status: string; readonly reason?: string }) => boolean,
): string | null {
  const condition = kind === 'Deployment' ? object.status?.conditions?.find((one) => one.type === type) : undefined;
  return condition && holds(condition) ? redact(condition.message ?? '', SCHEDULING_CHARACTERS_MAX) : null;
}

/** Zero where it is not known, and where clocks disagree: rather too young than too old. */
function secondsBetween(from: Date | string | undefined, toMs: number): number {
  return from === undefined ? 0 : Math.max(0, Math.round((toMs - new Date(from).getTime()) / 1000));
}

function releaseOf({ metadata, hash, revision, template }: ReleaseRead): Release {
  return {
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    hash,
    revision,
    images: (template?.spec?.containers ?? []).map(({ image }) => image ?? ''),
  };
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
    release: releaseHashOf(pod),
    ready: isReady(pod),
    node,
    zone: node === null ? null : (zones.get(node) ?? null),
    unschedulable: scheduling?.reason === 'Unschedulable' ? (scheduling.message ?? '').slice(0, SCHEDULING_CHARACTERS_MAX) : null,
    emptyDirs: (pod.spec?.volumes ?? []).filter(({ emptyDir }) => emptyDir && emptyDir.medium !== 'Memory').map(({ name }) => name),
    claims: (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
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
    certificateExpired: !isReady(pod) && saysExpired(readiness?.message ?? ''),
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
