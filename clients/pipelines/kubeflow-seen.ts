import { z } from 'zod';
import type { PipelineRun, RunState, Schedule } from '../../incident/pipeline.ts';
import { moment, saidOf } from './run-object.ts';

const MESSAGES_MAX = 3;
const NAME_CHARACTERS_MAX = 150;

/** A word in the description of a run or recurring run by which its owners keep Paramedic off it. */
export const OPT_OUT = 'paramedic-off';

const said = z
  .object({ message: z.string().default('') })
  .nullish()
  .transform((error) => error?.message ?? '');
const state = z.string().default('RUNTIME_STATE_UNSPECIFIED');
const text = z.string().default('');

export const Run = z.object({
  run_id: z.string(),
  display_name: text,
  description: text,
  experiment_id: text,
  recurring_run_id: text,
  state,
  error: said,
  created_at: moment,
  finished_at: moment,
  pipeline_version_reference: z.record(z.string(), z.unknown()).nullish(),
  pipeline_spec: z.record(z.string(), z.unknown()).nullish(),
  runtime_config: z.record(z.string(), z.unknown()).nullish(),
  service_account: text,
  state_history: z.array(z.object({ state, update_time: moment })).default([]),
  run_details: z.object({ task_details: z.array(z.object({ display_name: text, state, error: said })).default([]) }).nullish(),
});
export type Run = z.infer<typeof Run>;
export const Runs = z.object({ runs: z.array(Run).default([]) });

export const RecurringRun = z.object({
  recurring_run_id: z.string(),
  display_name: text,
  description: text,
  experiment_id: text,
  status: z.string().default('STATUS_UNSPECIFIED'),
  max_concurrency: z.union([z.string(), z.number()]).default('1').transform(Number),
  trigger: z
    .object({
      cron_schedule: z.object({ cron: text }).nullish(),
      periodic_schedule: z.object({ interval_second: z.union([z.string(), z.number()]).default('') }).nullish(),
    })
    .nullish(),
});
export type RecurringRun = z.infer<typeof RecurringRun>;

const STATES: Readonly<Record<string, RunState>> = {
  SUCCEEDED: 'completed',
  SKIPPED: 'completed',
  FAILED: 'failed',
  CANCELED: 'stopped',
  PAUSED: 'suspended',
};

const OUT_OF_MEMORY = /OOMKilled|exit(ed)?( with)?( code)? 137\b/i;

export function runOf(run: Run): PipelineRun {
  const is = stateOf(run);
  const tasks = run.run_details?.task_details ?? [];
  const count = (wanted: string) => tasks.filter((task) => task.state === wanted).length;
  const failed = tasks.filter((task) => task.state === 'FAILED' && task.error !== '');
  const words = failed.slice(-MESSAGES_MAX).map(({ display_name, error }) => `${display_name}: ${error}`);
  const message = is === 'failed' ? saidOf([run.error, ...words].filter(Boolean).join('\n')) : null;
  return {
    name: run.run_id,
    uid: run.run_id,
    state: is,
    reason: null,
    message,
    active: is === 'running' ? Math.max(1, count('RUNNING')) : 0,
    succeeded: count('SUCCEEDED'),
    failed: count('FAILED'),
    createdMs: run.created_at ?? 0,
    startedMs: run.created_at,
    endedMs: endedMsOf(run),
    isRetry: cloneOf(run) !== null,
    tries: triesOf(run),
    outOfMemory: message !== null && OUT_OF_MEMORY.test(message),
    // What a step may use is compiled into the pipeline, and is the same in every run of it.
    memory: {},
  };
}

/** How often it failed, and so was begun. */
export function triesOf({ state_history }: Run): number {
  return Math.max(1, state_history.filter((one) => one.state === 'FAILED').length);
}

/** Of one that has not ended the API says 1970. */
export function endedMsOf({ finished_at }: Run): number | null {
  return finished_at ? finished_at : null;
}

export function stateOf({ state: is }: Run): RunState {
  return STATES[is] ?? 'running';
}

/** @param suspendedBy who disabled it, where it is */
export function scheduleOf(
  { trigger, max_concurrency }: RecurringRun,
  suspendedBy: Schedule['suspendedBy'],
  runs: readonly Run[],
): Schedule {
  const seconds = trigger?.periodic_schedule?.interval_second;
  return {
    cron: trigger?.cron_schedule?.cron || (seconds ? `every ${seconds} s` : ''),
    suspendedBy,
    concurrency: max_concurrency > 1 ? 'Allow' : 'Forbid',
    lastMs: runs.find((run) => cloneOf(run) === null)?.created_at ?? null,
  };
}

const CLONE = / \(retry (\d+) of ([^()\s]+)\)$/;

/** Which run it does once more, as its name says; null where it is none of ours. */
export function cloneOf({ display_name }: Pick<Run, 'display_name'>): { readonly of: string; readonly number: number } | null {
  const [, number, of] = CLONE.exec(display_name) ?? [];
  return of === undefined ? null : { of, number: Number(number) };
}

/** The one name of what does a failed run once more: the same for the same failure, so that it is looked for and made once. */
export function cloneName(run: Run): string {
  const before = cloneOf(run);
  const base = run.display_name.replace(CLONE, '').slice(0, NAME_CHARACTERS_MAX);
  return `${base} (retry ${before ? before.number + 1 : triesOf(run)} of ${before?.of ?? run.run_id})`;
}
