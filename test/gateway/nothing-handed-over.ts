import { WorkflowNotFoundError } from '@temporalio/client';

/** The workflow that brings large bodies to their incidents, where there is none. */
export function nothingHandedOver(id: string) {
  return {
    async describe(): Promise<never> {
      throw new WorkflowNotFoundError('workflow not found', id, undefined);
    },
  };
}
