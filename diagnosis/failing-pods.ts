import type { ContainerSeen, PodSeen } from '../incident/evidence.ts';

const STARTING = ['ContainerCreating', 'PodInitializing'];

/** It waits to begin, as every container does at first. */
export function isStarting({ waiting }: ContainerSeen): boolean {
  return waiting !== null && STARTING.includes(waiting);
}

/** A container that is not ready because it exits or cannot start, and not merely because it is starting. */
function isFailing(container: ContainerSeen): boolean {
  const waits = container.waiting !== null && !isStarting(container);
  return !container.ready && (waits || container.lastExit !== null);
}

/** What has ended is over; what comes of it is seen in the pods that replaced it. */
export function failingPods(pods: readonly PodSeen[]): PodSeen[] {
  return pods.filter((pod) => pod.ended === null && pod.containers.some(isFailing));
}

export function failingContainers(pods: readonly PodSeen[]): ContainerSeen[] {
  return failingPods(pods).flatMap((pod) => pod.containers.filter(isFailing));
}

/** Its containers run well and it is not ready all the same: its node no longer answers, and its controller took it for lost. */
function isLost(pod: PodSeen): boolean {
  return !pod.ready && pod.node !== null && pod.containers.length > 0 && pod.containers.every(({ ready }) => ready);
}

/** Pods that fail, or are lost with their node. */
export function sickPods(pods: readonly PodSeen[]): PodSeen[] {
  return pods.filter((pod) => failingPods([pod]).length > 0 || isLost(pod));
}

/** What the containers show, each symptom once: `CrashLoopBackOff, exit 1`. */
export function symptoms(pods: readonly PodSeen[]): string {
  const all = failingContainers(pods).map(({ waiting, lastExit }) => waiting ?? `exit ${lastExit?.code}`);
  return [...new Set(all)].join(', ');
}

/** The last words of the first failing container that left any, as a sentence to add; empty otherwise. */
export function lastWords(pods: readonly PodSeen[]): string {
  const message = failingContainers(pods).find(({ lastExit }) => lastExit?.message)?.lastExit?.message;
  return message ? ` It said: ${message}` : '';
}
