import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { eventsOf } from '../../worker/histories/read-run.ts';
import type { RunHistory } from './read-incident.ts';

/** Of one incident, which goes on as another failure type once or twice. */
const RUNS_MAX = 20;

/**
 * The histories of all runs of an incident, the first one first.
 * @param run any of them; null: the last
 * @throws one sentence when there is no such incident, or not the whole of it any more
 */
export async function findRuns(client: Pick<Client, 'workflow'>, incident: string, run: string | null): Promise<readonly RunHistory[]> {
  const given = await read(client, incident, run ?? (await lastRun(client, incident)));
  const runs = [given];
  for (let before = begunBy(given); before && runs.length < RUNS_MAX; before = begunBy(runs[0]!))
    runs.unshift(await read(client, incident, before));
  for (let after = goneOnAs(given); after && runs.length < RUNS_MAX; after = goneOnAs(runs.at(-1)!))
    runs.push(await read(client, incident, after));
  return runs;
}

async function lastRun({ workflow }: Pick<Client, 'workflow'>, incident: string): Promise<string> {
  try {
    return (await workflow.getHandle(incident).describe()).runId;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Error(`There is no incident "${incident}", nor a file or folder of that name. See "paramedic incidents list".`, {
      cause: error,
    });
  }
}

async function read(client: Pick<Client, 'workflow'>, incident: string, run: string): Promise<RunHistory> {
  const events = await eventsOf(client, incident, run);
  if (events === null) throw new Error(`Cannot replay ${incident}: Temporal has its run ${run} no more.`);
  return { run, events };
}

function begunBy({ events }: RunHistory): string | null {
  return events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || null;
}

function goneOnAs({ events }: RunHistory): string | null {
  return events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId || null;
}
