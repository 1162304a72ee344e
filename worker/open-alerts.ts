import type { Client } from '@temporalio/client';
import { isOurs } from '../watch/fingerprint.ts';
import { incidentAttributes } from '../workflows/search-attributes.ts';
import { taskQueueOf } from './settings.ts';

/** Alerts of the watch that open incidents of a cluster have been told of. */
export async function openAlertsOf({ workflow }: Pick<Client, 'workflow'>, cluster: string): Promise<string[]> {
  const found: string[] = [];
  const query = `TaskQueue = '${taskQueueOf(cluster)}' AND ExecutionStatus = 'Running'`;
  for await (const { typedSearchAttributes } of workflow.list({ query }))
    found.push(...(typedSearchAttributes.get(incidentAttributes.alerts) ?? []).filter(isOurs));
  return found;
}
