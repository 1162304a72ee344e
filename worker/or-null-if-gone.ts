import { WorkflowNotFoundError } from '@temporalio/client';

/** What a call to a workflow returns; null where Temporal has no such workflow, or has it no more. */
export async function orNullIfGone<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
