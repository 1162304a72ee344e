import type { WorkflowExecutionInfo } from '@temporalio/client';
import { incidentAttributes } from '../../workflows/search-attributes.ts';

/** One incident as it is listed. What its workflow has not said yet is null. */
export interface IncidentRow {
  /** The workflow id, by which `incidents show` finds it. */
  readonly id: string;
  readonly runId: string;
  readonly state: 'open' | 'closed' | 'broken';
  readonly failureType: string | null;
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly target: string | null;
  readonly mode: string | null;
  readonly phase: string | null;
  readonly cause: string | null;
  readonly remedy: string | null;
  readonly outcome: string | null;
  readonly startedAt: string;
  readonly closedAt: string | null;
  /** Its page in Temporal's Web UI. */
  readonly link: string | null;
}

type Listed = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'startTime' | 'closeTime' | 'status' | 'typedSearchAttributes'>;

export function incidentRow(listed: Listed, link: string | null): IncidentRow {
  const said = (key: Exclude<keyof typeof incidentAttributes, 'alerts'>) =>
    listed.typedSearchAttributes.get(incidentAttributes[key]) ?? null;
  return {
    id: listed.workflowId,
    runId: listed.runId,
    state: stateOf(listed.status.name),
    ...{ failureType: said('failureType'), cluster: said('cluster'), namespace: said('namespace'), target: said('target') },
    ...{ mode: said('mode'), phase: said('phase'), cause: said('cause'), remedy: said('remedy'), outcome: said('outcome') },
    startedAt: listed.startTime.toISOString(),
    closedAt: listed.closeTime?.toISOString() ?? null,
    link,
  };
}

/** Broken: the workflow ended in a way no incident should, such as failed or terminated. */
function stateOf(status: string): IncidentRow['state'] {
  if (status === 'RUNNING') return 'open';
  return status === 'COMPLETED' ? 'closed' : 'broken';
}
