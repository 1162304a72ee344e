import { setTimeout as pause } from 'node:timers/promises';
import { isGrpcServiceError } from '@temporalio/client';

const TRIES_MAX = 10;
const AGAIN_AFTER_MS = 50;
/** gRPC's number for what Temporal says when a workflow task failed that carried an update. */
const FAILED_PRECONDITION = 9;

/**
 * Says something to a workflow by an update, and again while it was not heard: the workflow task that carried it failed, as each does that
 * would have ended a run when more came in just then.
 * @throws what the call throws: also that it was not heard, once ten tries were in vain, as where no task of the workflow succeeds
 */
export async function untilHeard<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === TRIES_MAX || !isUnheard(error)) throw error;
      await pause(AGAIN_AFTER_MS);
    }
  }
}

function isUnheard(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  return isGrpcServiceError(cause) && (cause.code as number) === FAILED_PRECONDITION;
}
