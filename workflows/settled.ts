import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { FinalFailure } from '../activities/failures.ts';

/** How an activity ended, as a value. `exhausted`: it kept failing until the patience of its kind of call ended. */
export type Settled<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly type: FinalFailure | 'exhausted'; readonly message: string };

/** Waits for an activity and gives its end as a value; only a cancellation is thrown on. */
export async function settled<T>(call: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { kind: 'done', value: await call() };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    const message = cause?.message ?? error.message;
    if (cause instanceof ApplicationFailure && cause.nonRetryable) return { kind: 'failed', type: cause.type as FinalFailure, message };
    return { kind: 'failed', type: 'exhausted', message };
  }
}
