import { cancelled } from '@temporalio/activity';

/**
 * What is being read, unless the worker is told to end and its grace is over before: the next one reads it again. Never for a write that
 * has begun, since what became of it must be known.
 * @throws CancelledFailure
 */
export function unlessEnding<T>(reading: Promise<T>): Promise<T> {
  return Promise.race([reading, cancelled()]);
}
