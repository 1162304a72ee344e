import type { Client } from '@temporalio/client';
import { incidentAttributes } from '../workflows/search-attributes.ts';

/** So many fingerprints are looked for in one query. */
const AT_ONCE = 100;

/** The open incidents that alerts have joined, as they are listed, by the alerts' fingerprints. */
export type OpenIncidents = ReadonlyMap<string, readonly string[]>;

/** @param fingerprints hexadecimal, as those of alerts are */
export async function openIncidentsOf(fingerprints: readonly string[], { workflow }: Pick<Client, 'workflow'>): Promise<OpenIncidents> {
  const found = new Map<string, string[]>(fingerprints.map((one) => [one, []]));
  for (let start = 0; start < fingerprints.length; start += AT_ONCE) {
    const some = fingerprints.slice(start, start + AT_ONCE).map((one) => `'${one}'`);
    const query = `${incidentAttributes.alerts.name} IN (${some.join(', ')}) AND ExecutionStatus = 'Running'`;
    for await (const { workflowId, typedSearchAttributes } of workflow.list({ query }))
      for (const one of typedSearchAttributes.get(incidentAttributes.alerts) ?? []) found.get(one)?.push(workflowId);
  }
  return found;
}
