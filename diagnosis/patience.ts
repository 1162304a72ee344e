import type { PodSeen } from '../incident/evidence.ts';

/** Where no pod tells how long such pods need. */
const UNKNOWN_SECONDS = 60;
const SECONDS_MIN = 10;
/** A pod may take so many times as long as the quickest other one did. */
const FACTOR = 3;

/** Its containers run for so long without its being ready that it is no longer merely starting. */
export function isLate({ ready, containers }: PodSeen, pods: readonly PodSeen[]): boolean {
  const running = containers.map(({ runningSeconds }) => runningSeconds);
  if (ready || running.length === 0 || running.some((one) => one === null)) return false;
  const needed = pods.flatMap(({ readyAfterSeconds }) => readyAfterSeconds ?? []);
  const patience = needed.length === 0 ? UNKNOWN_SECONDS : Math.max(SECONDS_MIN, FACTOR * Math.min(...needed));
  return Math.min(...running.map((one) => one ?? 0)) >= patience;
}
