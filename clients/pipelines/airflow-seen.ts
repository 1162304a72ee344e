import { z } from 'zod';
import type { PipelineRun, RunState, Schedule } from '../../incident/pipeline.ts';
import { endOf } from '../kubernetes/jobs/job-seen.ts';
import { pausedBy } from './airflow-notes.ts';
import { moment } from './run-object.ts';

const LINES_MAX = 30;

/** Airflow begins each log with where it is kept, which is nothing that the task said. */
const SOURCES = { from: '::group::Log message source details', to: '::endgroup::' };

/** A tag on a DAG by which its owners keep Paramedic off it. */
export const OPT_OUT_TAG = 'paramedic-off';

export const Dag = z.object({
  dag_id: z.string(),
  is_paused: z.boolean(),
  timetable_summary: z.string().nullish(),
  timetable_periodic: z.boolean().default(true),
  max_active_runs: z.number().nullish(),
  tags: z.array(z.object({ name: z.string() })).default([]),
});
export type Dag = z.infer<typeof Dag>;

export const DagRun = z.object({
  dag_run_id: z.string(),
  state: z.enum(['queued', 'running', 'success', 'failed']),
  run_type: z.string().default(''),
  run_after: moment,
  queued_at: moment,
  start_date: moment,
  end_date: moment,
  note: z.string().nullish(),
});
export type DagRun = z.infer<typeof DagRun>;
export const DagRuns = z.object({ dag_runs: z.array(DagRun) });

export const TaskInstances = z.object({
  task_instances: z.array(
    z.object({ task_id: z.string(), map_index: z.number().default(-1), try_number: z.number().default(1), end_date: moment }),
  ),
  total_entries: z.number().default(0),
});
export type TaskInstance = z.infer<typeof TaskInstances>['task_instances'][number];

export const DagVersions = z.object({ dag_versions: z.array(z.object({ version_number: z.number() })).default([]) });

/** Lines of text, or as the task's process wrote them: with what was raised beside what was said. */
const Line = z.union([
  z.string(),
  z.object({
    event: z.string(),
    error_detail: z.array(z.object({ exc_type: z.string().default(''), exc_value: z.string().default('') })).nullish(),
    signal_name: z.string().nullish(),
  }),
]);
export const Log = z.object({ content: z.array(Line) });

/** What the tasks of a run tell of it. */
export interface TasksSeen {
  readonly failed: readonly TaskInstance[];
  readonly counts: Readonly<Record<'active' | 'succeeded' | 'failed', number>>;
  /** The end of the log of the last that failed, with secrets struck out; null where there is none. */
  readonly words: string | null;
}

export const NO_TASKS: TasksSeen = { failed: [], counts: { active: 0, succeeded: 0, failed: 0 }, words: null };

/** What Airflow, or the operator that ran a pod, says of a task that its machine killed for want of memory. */
const OUT_OF_MEMORY = /likely out of memory|OOMKilled|exit code 137\b|return code -9\b/i;

const STATES: Readonly<Record<DagRun['state'], RunState>> = {
  queued: 'running',
  running: 'running',
  success: 'completed',
  failed: 'failed',
};

export function runOf(run: DagRun, { failed, counts, words }: TasksSeen): PipelineRun {
  const state = STATES[run.state];
  return {
    name: run.dag_run_id,
    uid: run.dag_run_id,
    state,
    reason: null,
    message: state === 'failed' ? words : null,
    ...counts,
    createdMs: run.queued_at ?? run.run_after ?? 0,
    startedMs: run.start_date,
    endedMs: state === 'running' ? null : run.end_date,
    isRetry: false,
    tries: triesOf(failed),
    outOfMemory: state === 'failed' && words !== null && OUT_OF_MEMORY.test(words),
    // What a task may use is said in the DAG's own program, if at all.
    memory: {},
  };
}

/** How often what failed was begun. */
export function triesOf(failed: readonly TaskInstance[]): number {
  return Math.max(1, ...failed.map(({ try_number }) => try_number));
}

/** Null where it is started by hand alone; one that is paused runs not even then. */
export function scheduleOf(
  { is_paused, timetable_summary, timetable_periodic, max_active_runs }: Dag,
  runs: readonly DagRun[],
): Schedule | null {
  const isByHand = !timetable_summary || timetable_summary === 'None';
  if (isByHand && !is_paused) return null;
  const [newest] = runs;
  return {
    cron: isByHand ? 'started by hand' : timetable_summary,
    suspendedBy: is_paused ? (newest && pausedBy(newest.note) !== null ? 'paramedic' : 'person') : null,
    concurrency: max_active_runs === 1 ? 'Forbid' : 'Allow',
    lastMs: timetable_periodic ? (runs.find(({ run_type }) => run_type === 'scheduled')?.run_after ?? null) : null,
  };
}

/** The end of a log as it may be shown. */
export function wordsOf({ content }: z.infer<typeof Log>, taskId: string): string | null {
  const lines = content.flatMap((line) => {
    if (typeof line === 'string') return [line];
    const raised = (line.error_detail ?? []).map(({ exc_type, exc_value }) => `${exc_type}: ${exc_value}`);
    return [line.event, ...raised];
  });
  const begin = lines[0]?.startsWith(SOURCES.from) ? lines.indexOf(SOURCES.to) + 1 : 0;
  const said = lines
    .slice(begin)
    .filter((line) => line.trim() !== '' && !line.startsWith('::'))
    .slice(-LINES_MAX);
  return said.length === 0 ? null : endOf(`${taskId}: ${said.join('\n')}`);
}
