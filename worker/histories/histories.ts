import { type Client, ServiceError } from '@temporalio/client';
import { inParallel } from '../../clients/in-parallel.ts';
import { addedActions, totalOf } from '../../reporting/history/billable.ts';
import type { Histories, Wanted } from '../../reporting/history/read.ts';
import type { Beside, Judgement, RunRead } from '../../reporting/history/run.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { ALL_CLUSTERS_QUEUE, taskQueueOf } from '../settings.ts';
import { countActions } from './count-actions.ts';
import { judgedIn } from './judged-in.ts';
import { eventsOf, INCIDENT_TYPES, type Listed, readRun } from './read-run.ts';

const READ_AT_ONCE = 8;
/** What healed so long before is read, too: an incident that comes after it may be its relapse. */
const BEFORE_MS = 86_400_000;

/** What became of the reading of one run. */
type OneRead =
  | { readonly kind: 'incident'; readonly run: RunRead }
  | { readonly kind: 'beside'; readonly one: Beside; readonly judged: readonly Judgement[] }
  | { readonly kind: 'gone' };

/** Incidents as the Temporal that the client reaches has kept them. */
export function histories(client: Client): Histories {
  return {
    async read(wanted, advance) {
      const listed = await list(client, wanted);
      const read = await inParallel(listed, READ_AT_ONCE, async (one): Promise<OneRead> => {
        const events = await eventsOf(client, one.workflowId, one.runId);
        advance(1, listed.length);
        if (events === null) return { kind: 'gone' };
        if (isIncident(one)) return { kind: 'incident', run: await readRun(client, one, events, wanted) };
        const actions = countActions(events, wanted.fromMs, wanted.toMs);
        // What is broken on purpose costs as anything does, and says nothing of how well what breaks by itself is healed.
        const type = isDrilled(one) ? `${one.type} in a drill` : one.type;
        return { kind: 'beside', one: { type, runs: 1, actions }, judged: await judgedIn(client, events) };
      });
      return {
        runs: read.flatMap((one) => (one.kind === 'incident' ? [one.run] : [])),
        beside: together(read.flatMap((one) => (one.kind === 'beside' ? [one.one] : []))),
        judgements: read
          .flatMap((one) => (one.kind === 'beside' ? one.judged : []))
          .filter(({ atMs }) => atMs >= wanted.fromMs && atMs < wanted.toMs),
        gone: read.filter(({ kind }) => kind === 'gone').length,
        keptMs: await keptMs(client),
      };
    },
  };
}

/** Incidents that were open in the period or the day before it, and what else ran in it. */
async function list({ workflow }: Client, { fromMs, toMs, cluster }: Wanted): Promise<readonly Listed[]> {
  const queues = cluster === null ? `TaskQueue STARTS_WITH '${ALL_CLUSTERS_QUEUE}'` : `TaskQueue = '${taskQueueOf(cluster)}'`;
  const since = new Date(fromMs - BEFORE_MS).toISOString();
  const query = `${queues} AND StartTime < '${new Date(toMs).toISOString()}' AND (ExecutionStatus = 'Running' OR CloseTime >= '${since}')`;
  const listed: Listed[] = [];
  for await (const one of workflow.list({ query }))
    if (isIncident(one) || !one.closeTime || one.closeTime.getTime() >= fromMs) listed.push(one);
  return listed;
}

function isIncident(one: Listed): boolean {
  return INCIDENT_TYPES.includes(one.type) && !isDrilled(one);
}

function isDrilled({ typedSearchAttributes }: Listed): boolean {
  return typedSearchAttributes.get(incidentAttributes.drill) === true;
}

function together(all: readonly Beside[]): readonly Beside[] {
  const byType = Map.groupBy(all, ({ type }) => type);
  return [...byType]
    .map(([type, some]) => ({ type, runs: some.length, actions: addedActions(some.map(({ actions }) => actions)) }))
    .sort((one, other) => totalOf(other.actions) - totalOf(one.actions));
}

/** Temporal Cloud says so by another API, for which whoever asks may have no right. */
async function keptMs({ workflowService, options: { namespace } }: Client): Promise<number | null> {
  try {
    const { config } = await workflowService.describeNamespace({ namespace });
    const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    return seconds > 0 ? seconds * 1000 : null;
  } catch (error) {
    if (error instanceof ServiceError || (error as { readonly code?: number }).code !== undefined) return null;
    throw error;
  }
}
