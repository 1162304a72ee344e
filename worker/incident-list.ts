import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { IncidentRow } from '../incident/incident-row.ts';
import { incidentAttributes } from '../workflows/search-attributes.ts';
import type { incidentLinks } from './incident-links.ts';

const PAGE_SIZE_MAX = 1_000;

/** The page of an incident in the Web UI; null where it is not known where that is. */
export type LinkTo = ReturnType<typeof incidentLinks>;

type Listed = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'type' | 'startTime' | 'closeTime' | 'status' | 'typedSearchAttributes'>;

/** Incidents that match a List Filter of Temporal, at most so many: the open ones first, then those that closed last. */
export async function listIncidents(
  { workflow }: Pick<Client, 'workflow'>,
  linkTo: LinkTo,
  query: string,
  limit: number,
): Promise<IncidentRow[]> {
  const rows: IncidentRow[] = [];
  for await (const found of workflow.list({ query, pageSize: Math.min(limit, PAGE_SIZE_MAX) })) {
    rows.push(incidentRow(found, linkTo));
    if (rows.length === limit) break;
  }
  return rows;
}

export function incidentRow(listed: Listed, linkTo: LinkTo): IncidentRow {
  const said = (key: Exclude<keyof typeof incidentAttributes, 'alerts' | 'drill'>) =>
    listed.typedSearchAttributes.get(incidentAttributes[key]) ?? null;
  return {
    id: listed.workflowId,
    runId: listed.runId,
    state: stateOf(listed.status.name),
    // One that no worker has begun has said nothing, and its workflow's type is its failure type.
    failureType: said('failureType') ?? listed.type,
    ...{ cluster: said('cluster'), namespace: said('namespace'), target: said('target') },
    ...{ mode: said('mode'), phase: said('phase'), cause: said('cause'), remedy: said('remedy'), outcome: said('outcome') },
    startedAt: listed.startTime.toISOString(),
    closedAt: listed.closeTime?.toISOString() ?? null,
    link: linkTo(listed.workflowId, listed.runId),
  };
}

function stateOf(status: string): IncidentRow['state'] {
  if (status === 'RUNNING') return 'open';
  return status === 'COMPLETED' ? 'closed' : 'broken';
}
