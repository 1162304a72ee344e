import type { V1ContainerStatus, V1CronJob, V1Job, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import type { ContainerMemory } from '../../../incident/memory.ts';
import type { PipelineRun, RunPod, RunState, Schedule } from '../../../incident/pipeline.ts';
import { redact } from '../../../incident/redact.ts';
import { podSeen } from '../workload-seen.ts';
import { RETRY_OF, SUSPENDED_BY } from './job-marks.ts';

const MESSAGE_CHARACTERS_MAX = 300;
/** Kubernetes keeps no more of a termination message. */
const SAID_CHARACTERS_READ = 4_096;
/** Of last words the end counts: a traceback ends with what went wrong. */
const SAID_CHARACTERS_MAX = 600;
/** Reasons of a pod's status by which a node or the cluster ended it. */
const ENDED_BY_CLUSTER = [
  'Evicted',
  'NodeLost',
  'NodeShutdown',
  'Shutdown',
  'Terminated',
  'Preempting',
  'NodeAffinity',
  'OutOfcpu',
  'OutOfmemory',
];
/** An eviction for what the pod itself used would come again. */
const OWN_FAULT = /exceeds the total limit|exceeded its local ephemeral storage|usage exceeds/i;

/** A Job as one run, in the product's words. */
export function jobRun(job: V1Job): PipelineRun {
  const { metadata, spec, status } = job;
  const failure = conditionOf(job, 'Failed');
  return {
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    state: stateOf(job),
    reason: failure?.reason ?? null,
    message: failure?.message ? redact(failure.message, MESSAGE_CHARACTERS_MAX) : null,
    active: status?.active ?? 0,
    succeeded: status?.succeeded ?? 0,
    failed: status?.failed ?? 0,
    createdMs: msOf(metadata?.creationTimestamp) ?? 0,
    startedMs: msOf(status?.startTime),
    endedMs: msOf(status?.completionTime) ?? msOf(failure?.lastTransitionTime),
    isRetry: metadata?.annotations?.[RETRY_OF] !== undefined,
    tries: 1,
    // Its pods tell, with the container that it was.
    outOfMemory: false,
    memory: memoryOf(spec?.template.spec),
  };
}

export function scheduleOf({ metadata, spec, status }: V1CronJob): Schedule {
  const isOurs = metadata?.annotations?.[SUSPENDED_BY] !== undefined;
  return {
    cron: spec?.schedule ?? '',
    suspendedBy: spec?.suspend ? (isOurs ? 'paramedic' : 'person') : null,
    concurrency: spec?.concurrencyPolicy ?? 'Allow',
    lastMs: msOf(status?.lastScheduleTime),
  };
}

/** @param zones the zone of each node, as far as it is known */
export function jobPod(pod: V1Pod, zones: ReadonlyMap<string, string>, nowMs = Date.now()): RunPod {
  return { ...podSeen(pod, zones, nowMs), phase: pod.status?.phase ?? '', disruption: disruptionOf(pod), said: saidBy(pod) };
}

export function memoryOf(spec: V1PodSpec | undefined): Readonly<Record<string, ContainerMemory>> {
  return Object.fromEntries(
    (spec?.containers ?? []).map(({ name, resources }) => [
      name,
      { limit: resources?.limits?.memory ?? null, request: resources?.requests?.memory ?? null },
    ]),
  );
}

/** The end of a text as it may be shown, with secrets struck out. */
export function endOf(text: string): string | null {
  return redact(text, SAID_CHARACTERS_READ).slice(-SAID_CHARACTERS_MAX).trim() || null;
}

/** The first container of a pod that ended badly, as its status has it. */
export function failedContainer({ status }: V1Pod): V1ContainerStatus | undefined {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return all.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
}

function saidBy(pod: V1Pod): string | null {
  return endOf(failedContainer(pod)?.state?.terminated?.message ?? '');
}

function stateOf(job: V1Job): RunState {
  if (conditionOf(job, 'Failed')) return 'failed';
  if (conditionOf(job, 'Complete')) return 'completed';
  return job.spec?.suspend ? 'suspended' : 'running';
}

function conditionOf({ status }: V1Job, wanted: string) {
  return status?.conditions?.find(({ type, status: is }) => type === wanted && is === 'True');
}

function disruptionOf({ status }: V1Pod): string | null {
  if (OWN_FAULT.test(status?.message ?? '')) return null;
  const disrupted = status?.conditions?.find(({ type, status: is }) => type === 'DisruptionTarget' && is === 'True');
  return disrupted?.reason ?? (ENDED_BY_CLUSTER.includes(status?.reason ?? '') ? (status?.reason ?? null) : null);
}

function msOf(time: Date | undefined): number | null {
  return time === undefined ? null : new Date(time).getTime();
}
