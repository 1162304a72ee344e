import type { FailureType } from './failure-type.ts';

/**
 * What shows on one target at one time is taken for one failure, seen from several sides: crashing pods also miss replicas, are not reached,
 * and burn an objective. The most telling first: a kill at the memory limit explains the crash, and a crash why nothing answers.
 */
const SIDES_OF_ONE: readonly FailureType[] = [
  'outOfMemory',
  'podCrash',
  'capacityShortage',
  'pipelineFailure',
  'modelServingFailure',
  'networkTimeout',
];

/** What data and accuracy are like is no side of an outage: a person is at those for days, during which pods may crash. */
export function isSideOfOutage(type: FailureType): boolean {
  return SIDES_OF_ONE.includes(type);
}

/** Compares what may be of one failure: the more telling comes first. */
export function byTelling(type: FailureType, other: FailureType): number {
  return SIDES_OF_ONE.indexOf(type) - SIDES_OF_ONE.indexOf(other);
}

/** Whether a failure type tells more of one failure than another; false where they cannot be of one. */
export function tellsMore(type: FailureType, than: FailureType): boolean {
  return isSideOfOutage(type) && byTelling(type, than) < 0;
}
