import type { Client } from '@temporalio/client';
import { findRuns } from '../../rehearsal/recorded/find-runs.ts';
import { REPLAYED_TYPES, readIncident } from '../../rehearsal/recorded/read-incident.ts';
import type { RecordedIncident } from '../../rehearsal/recorded/recorded.ts';
import { withIncidents } from '../incidents/connect.ts';
import { openProgress } from '../progress.ts';

/** An incident that cannot be played. */
export interface Unplayed {
  readonly incident: string;
  /** As a sentence. */
  readonly why: string;
}

/** What Temporal has of some incidents. */
export interface RecordedFound {
  readonly recorded: readonly RecordedIncident[];
  readonly unplayed: readonly Unplayed[];
}

/** Reads incidents by their ids, and all that closed since; where neither is given, nothing is connected to. */
export async function recordedIncidents(
  ids: readonly string[],
  { run, since, data }: { readonly run?: string; readonly since?: number; readonly data: string },
): Promise<RecordedFound> {
  if (ids.length === 0 && since === undefined) return { recorded: [], unplayed: [] };
  return withIncidents(data, async ({ client }) => {
    const named = ids.map((incident) => ({ incident, run: run ?? null }));
    const all = since === undefined ? named : [...named, ...(await closedSince(client, since))];
    const progress = openProgress('Reading the histories', all.length);
    const recorded: RecordedIncident[] = [];
    const unplayed: Unplayed[] = [];
    for (const one of all) {
      try {
        recorded.push(await readIncident(client, one.incident, await findRuns(client, one.incident, one.run)));
      } catch (error) {
        // Of many, one that is of another kind or version does not keep the others.
        if (ids.length === 1 && since === undefined) throw error;
        unplayed.push({ incident: one.incident, why: (error as Error).message });
      }
      progress.advance(1);
    }
    return { recorded, unplayed };
  });
}

async function closedSince({ workflow }: Client, sinceMs: number): Promise<{ incident: string; run: string }[]> {
  const types = REPLAYED_TYPES.map((type) => `'${type}'`).join(', ');
  const query = `WorkflowType IN (${types}) AND ExecutionStatus = 'Completed' AND CloseTime >= '${new Date(sinceMs).toISOString()}'`;
  const found: { incident: string; run: string }[] = [];
  for await (const { workflowId, runId } of workflow.list({ query })) found.push({ incident: workflowId, run: runId });
  return found;
}
