import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  type ScheduleOptions as TemporalSchedule,
} from '@temporalio/client';
import { drillScheduleId, drillsWorkflowId } from '../../incident/drill-ids.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import type { DrillsInput } from '../../workflows/drill-messages.ts';
import { USAGE_EXIT_CODE } from '../exit-codes.ts';
import { withIncidents } from '../incidents/connect.ts';
import { printable } from '../printable.ts';
import { clusterOf, type DrillsOptions } from './run.ts';

/** Words for what most people want; all else is cron. */
const WORDS: Readonly<Record<string, string>> = { day: '0 6 * * *', week: '0 6 * * 1' };

/** What `drill schedule` takes. */
export interface ScheduleOptions extends DrillsOptions {
  readonly every?: string;
  readonly only?: readonly string[];
  readonly perHour: number;
  readonly off?: true;
}

/** Without `every` and `off` it shows what is scheduled. @throws one sentence where Temporal is away, or takes the time for none */
export function scheduleDrills(options: ScheduleOptions): Promise<void> {
  const { namespace, every, only, off, perHour, json } = options;
  if (every !== undefined && off) {
    process.stderr.write('Give --every or --off, not both.\n');
    process.exitCode = USAGE_EXIT_CODE;
    return Promise.resolve();
  }
  if (every === undefined && !off) return showSchedule(options);
  return withIncidents(options.data, async ({ client, settings }) => {
    const cluster = clusterOf(options, settings);
    const id = drillScheduleId(cluster, namespace);
    if (every === undefined) {
      const ended = await end(client, id);
      const text = ended ? 'No drills are run any more' : 'No drills were scheduled';
      return print(json, { cluster, namespace, schedule: null }, `${text} in the namespace ${namespace} of cluster ${cluster}.`);
    }
    const cron = WORDS[every] ?? every;
    const input: DrillsInput = { cluster, namespace, names: only ?? null, asking: false, perHour, tellsPeople: true };
    await put(client, scheduleOf(id, cron, input));
    const what = only ? (only.length === 1 ? '1 drill' : `${only.length} drills`) : 'All drills';
    const next = await nextOf(client, id);
    const text = `${what} ${only?.length === 1 ? 'is' : 'are'} run in the namespace ${namespace} of cluster ${cluster} by "${cron}" (UTC), next at ${next ?? 'no time'}.`;
    return print(json, { cluster, namespace, schedule: { cron, only: only ?? null, next } }, text);
  });
}

/** @throws one sentence where nothing is scheduled */
function showSchedule(options: DrillsOptions): Promise<void> {
  const { namespace, json } = options;
  return withIncidents(options.data, async ({ client, settings }) => {
    const cluster = clusterOf(options, settings);
    const found = await describe(client, drillScheduleId(cluster, namespace));
    if (found === null) throw new Error(`No drills are scheduled in the namespace ${namespace} of cluster ${cluster}.`);
    const { memo, info, state } = found;
    const { cron = null, only = null } = (memo ?? {}) as { cron?: string; only?: readonly string[] | null };
    const last = info.recentActions.at(-1);
    const began = last ? { at: last.takenAt.toISOString(), workflow: last.action.workflow.workflowId } : null;
    const next = info.nextActionTimes[0]?.toISOString() ?? null;
    const lines = [
      `${only ? only.join(', ') : 'All drills'} in the namespace ${namespace} of cluster ${cluster}, by "${cron}" (UTC).`,
      state.paused ? 'The schedule is paused.' : `Next: ${next ?? 'never'}.`,
      began ? `Last: ${began.at}, ${began.workflow}.` : 'It has begun none yet.',
    ];
    return print(json, { cluster, namespace, schedule: { cron, only, next, last: began, paused: state.paused } }, lines.join('\n'));
  });
}

function scheduleOf(scheduleId: string, cron: string, input: DrillsInput): TemporalSchedule {
  const { cluster, namespace, names } = input;
  return {
    scheduleId,
    spec: { cronExpressions: [cron], timezone: 'UTC' },
    // What was to begin while the last ones are at work, or Temporal was away for long, is left out.
    policies: { overlap: 'SKIP', catchupWindow: '1h' },
    action: {
      type: 'startWorkflow',
      workflowType: 'drills',
      workflowId: drillsWorkflowId(cluster, namespace),
      taskQueue: taskQueueOf(cluster),
      args: [input],
    },
    memo: { cron, only: names },
  };
}

/** Instead of what there was: what is scheduled is what was said last. */
async function put({ schedule }: Client, options: TemporalSchedule): Promise<void> {
  try {
    await schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await schedule.getHandle(options.scheduleId).delete();
    await schedule.create(options);
  }
}

async function end({ schedule }: Client, id: string): Promise<boolean> {
  try {
    await schedule.getHandle(id).delete();
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  }
}

async function describe({ schedule }: Client, id: string): Promise<ScheduleDescription | null> {
  try {
    return await schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

async function nextOf(client: Client, id: string): Promise<string | null> {
  return (await describe(client, id))?.info.nextActionTimes[0]?.toISOString() ?? null;
}

function print(json: true | undefined, document: object, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(document)}\n` : `${text.split('\n').map(printable).join('\n')}\n`);
}
