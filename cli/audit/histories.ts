import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { inParallel } from '../../clients/in-parallel.ts';
import { type IncidentRun, permitOfficeWorkflowId } from '../../incident/incident.ts';
import { type Audited, auditedIn } from '../../worker/histories/audited.ts';
import { eventsOf } from '../../worker/histories/read-run.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import type { Progress } from '../progress.ts';

const READ_AT_ONCE = 8;

/** One run of a workflow that writes entries. */
export type Written = IncidentRun;

/** An entry that a history knows of. */
export type Anchor = Written & Audited;

/** Incidents of these clusters that were open at some time since, and the offices that grant them permits. */
export async function listWorkflows({ workflow }: Client, clusters: readonly string[], since: string): Promise<readonly Written[]> {
  const found: Written[] = [];
  const { failureType, cluster } = incidentAttributes;
  for (const name of clusters) {
    // Names of clusters are letters, digits and hyphens only.
    const query = `${failureType.name} IS NOT NULL AND ${cluster.name} = '${name}' AND (ExecutionStatus = 'Running' OR CloseTime >= '${since}')`;
    for await (const { workflowId, runId } of workflow.list({ query })) found.push({ incident: workflowId, run: runId });
    const office = await workflow.getHandle(permitOfficeWorkflowId(name)).describe().catch(unlessGone);
    if (office) found.push({ incident: office.workflowId, run: office.runId });
  }
  return found;
}

/** What the histories of these workflows know, each by itself; null where Temporal has it no more. */
export async function readAnchors(
  client: Client,
  all: readonly Written[],
  progress: Progress,
): Promise<readonly (readonly Anchor[] | null)[]> {
  return inParallel(all, READ_AT_ONCE, async (one) => {
    const events = await eventsOf(client, one.incident, one.run);
    progress.advance(1);
    return events && (await auditedIn(client, events)).map((audited) => ({ ...one, ...audited }));
  });
}

function unlessGone(error: unknown): null {
  if (error instanceof WorkflowNotFoundError) return null;
  throw error;
}
