import { z } from 'zod';
import type { Symptom } from '../symptom.ts';
import { common, conditions, controllerOf, count, listOf, met, moment, said } from './object.ts';

/** Of a container that ran for longer before it ended the kubelet forgets that it ended before. */
const BACK_OFF_FORGOTTEN_MS = 600_000;
const CRASHES_MIN = 3;
const OUT_OF_MEMORY_MIN = 2;
const LATELY_MS = 300_000;
/** Why a container that waits does not start, and will not by waiting. Others, such as ContainerCreating, are told as not being ready. */
const BAD_WAITS: readonly string[] = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PostStartHookError',
];

const Ended = z.object({ exitCode: z.number().default(0), reason: z.string().default(''), startedAt: moment, finishedAt: moment });
const State = z.object({
  waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).nullish(),
  running: z.object({ startedAt: moment }).nullish(),
  terminated: Ended.nullish(),
});
const Container = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: count,
  state: State.nullish(),
  lastState: State.nullish(),
});
type Container = z.infer<typeof Container>;

const Pod = z.object({
  ...common,
  status: z.object({
    phase: z.string().default(''),
    startTime: moment,
    conditions,
    containerStatuses: listOf(Container),
    initContainerStatuses: listOf(Container),
  }),
});
type Pod = z.infer<typeof Pod>;

/** What is wrong with a pod. One that has ended, or is to go, or that nothing owns, is not ill: nobody would put it right. */
export function podSymptoms(object: unknown, nowMs: number): Symptom[] {
  const pod = Pod.parse(object);
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp !== null || status.phase === 'Succeeded' || status.phase === 'Failed') return [];
  if (metadata.ownerReferences.length === 0) return [];
  const homeless = unschedulable(pod);
  if (homeless) return [homeless];
  const containers = [...status.initContainerStatuses, ...status.containerStatuses];
  const ofContainers = containers.flatMap((container) => containerSymptom(pod, container, nowMs) ?? []);
  if (ofContainers.length > 0) return ofContainers;
  const unready = notReady(pod);
  return unready ? [unready] : [];
}

function labelsOf({ metadata: { namespace, name } }: Pod) {
  return { namespace, pod: name };
}

function unschedulable(pod: Pod): Symptom | null {
  const told = met(pod.status.conditions, 'PodScheduled', 'False');
  if (told?.reason !== 'Unschedulable') return null;
  const says = said('No node takes the pod', told.message);
  return { condition: 'KubePodUnschedulable', labels: labelsOf(pod), says, sinceMs: told.lastTransitionTime };
}

/** The most telling of what is wrong with a container: what was killed for want of memory is said as that, not as a crash. */
function containerSymptom(pod: Pod, container: Container, nowMs: number): Symptom | null {
  return outOfMemory(pod, container, nowMs) ?? crashLooping(pod, container, nowMs) ?? waiting(pod, container);
}

function lastEnd({ state, lastState }: Container) {
  return state?.terminated ?? lastState?.terminated ?? null;
}

function outOfMemory(pod: Pod, container: Container, nowMs: number): Symptom | null {
  const end = lastEnd(container);
  if (end?.reason !== 'OOMKilled' || end.finishedAt === null || container.restartCount < OUT_OF_MEMORY_MIN) return null;
  const untilMs = end.finishedAt + LATELY_MS;
  const isDown = !container.state?.running;
  if (!isDown && nowMs >= untilMs) return null;
  return {
    condition: 'KubeContainerOOMKilled',
    labels: { ...labelsOf(pod), container: container.name },
    says: `Container ${container.name} was killed for want of memory, and was restarted ${container.restartCount} times.`,
    sinceMs: null,
    atLeastSinceMs: end.startedAt,
    ...(isDown ? {} : { untilMs }),
  };
}

/**
 * Restarts of long ago are none: it counts only that it ended again soon after it had been started again. One that was started once more
 * and is not ready yet has not stopped crashing by that.
 */
function crashLooping(pod: Pod, container: Container, nowMs: number): Symptom | null {
  const { name, restartCount, state, ready } = container;
  const end = lastEnd(container);
  if (ready || restartCount < CRASHES_MIN) return null;
  const ranMs = end && end.startedAt !== null && end.finishedAt !== null ? end.finishedAt - end.startedAt : 0;
  if (ranMs >= BACK_OFF_FORGOTTEN_MS) return null;
  const untilMs = state?.running?.startedAt ? state.running.startedAt + LATELY_MS : null;
  const isDown = state?.waiting?.reason === 'CrashLoopBackOff' || (state?.terminated ?? null) !== null;
  if (!isDown && (untilMs === null || nowMs >= untilMs)) return null;
  return {
    condition: 'KubePodCrashLooping',
    labels: { ...labelsOf(pod), container: name },
    says: `Container ${name} exits again and again: ${restartCount} restarts${end ? `, the last time with code ${end.exitCode}` : ''}.`,
    sinceMs: null,
    atLeastSinceMs: end?.startedAt ?? null,
    ...(untilMs === null ? {} : { untilMs }),
  };
}

/** That a container waits has no time of its own. It did not run since its pod stopped being ready. */
function waiting(pod: Pod, { name, state }: Container): Symptom | null {
  const { reason = '', message = '' } = state?.waiting ?? {};
  if (!BAD_WAITS.includes(reason)) return null;
  return {
    condition: 'KubeContainerWaiting',
    labels: { ...labelsOf(pod), container: name },
    says: said(`Container ${name} cannot be started`, reason, message),
    sinceMs: unreadySince(pod),
  };
}

function notReady(pod: Pod): Symptom | null {
  // A pod of a run may be meant never to be ready; whether it fails its Job says.
  if (controllerOf(pod.metadata)?.kind === 'Job') return null;
  const told = met(pod.status.conditions, 'Ready', 'False') ?? met(pod.status.conditions, 'Ready', 'Unknown');
  if (!told && pod.status.phase === 'Running') return null;
  const says = said(`The pod is not ready (${pod.status.phase || 'no phase'})`, told?.reason ?? '', told?.message ?? '');
  return { condition: 'KubePodNotReady', labels: labelsOf(pod), says, sinceMs: unreadySince(pod) };
}

function unreadySince({ metadata, status }: Pod): number | null {
  const told = status.conditions.find(({ type, status: is }) => type === 'Ready' && is !== 'True');
  return told?.lastTransitionTime ?? status.startTime ?? metadata.creationTimestamp;
}
