import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import type { Progress } from '../progress.ts';

const READ_AT_ONCE = 8;

/** One run of a workflow that writes entries. */
export interface Written {
  readonly incident: string;
  readonly run: string;
}

/** An entry that a history knows of. */
export interface Anchor extends Written {
  readonly entry: AuditEntry;
  /** Of its line in the trail; null where the history has not heard that it stands there. */
  readonly hash: string | null;
}

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
  const read: (readonly Anchor[] | null)[] = [];
  for (let start = 0; start < all.length; start += READ_AT_ONCE) {
    const some = all.slice(start, start + READ_AT_ONCE);
    read.push(...(await Promise.all(some.map((one) => anchorsOf(client, one)))));
    progress.advance(some.length);
  }
  return read;
}

async function anchorsOf({ workflow }: Client, { incident, run }: Written): Promise<readonly Anchor[] | null> {
  const history = await workflow.getHandle(incident, run).fetchHistory().catch(unlessGone);
  if (!history) return null;
  const converter = workflow.options.loadedDataConverter;
  const anchors = new Map<string, Anchor>();
  for (const { eventId, activityTaskScheduledEventAttributes: asked, activityTaskCompletedEventAttributes: done } of history.events ?? []) {
    if (asked?.activityType?.name === 'audit') {
      const [, entry] = await decodeArrayFromPayloads(converter, asked.input?.payloads);
      anchors.set(String(eventId), { incident, run, entry: entry as AuditEntry, hash: null });
    }
    const anchor = anchors.get(String(done?.scheduledEventId));
    if (!done || !anchor) continue;
    const [hash] = await decodeArrayFromPayloads(converter, done.result?.payloads);
    if (typeof hash === 'string') anchors.set(String(done.scheduledEventId), { ...anchor, hash });
  }
  return [...anchors.values()];
}

function unlessGone(error: unknown): null {
  if (error instanceof WorkflowNotFoundError) return null;
  throw error;
}
