import { ApplicationFailure } from '@temporalio/common';
import { TargetChanged, TargetGone } from '../clients/kubernetes/workloads.ts';

/** Types of failures that retrying cannot mend; workflows tell them apart by these names. */
export const TARGET_CHANGED = 'TargetChanged';
const TARGET_GONE = 'TargetGone';

/** Runs a call and turns what retrying cannot mend into typed, non-retryable failures. */
export async function asActivityFailure<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof TargetChanged) throw nonRetryable(error, TARGET_CHANGED);
    if (error instanceof TargetGone) throw nonRetryable(error, TARGET_GONE);
    throw error;
  }
}

function nonRetryable(error: Error, type: string): ApplicationFailure {
  return ApplicationFailure.create({ message: error.message, type, nonRetryable: true, cause: error });
}
