import { readAnswer } from '../http/read-answer.ts';
import type { Answer } from '../http/system-call.ts';
import type { AirflowCall } from './airflow-call.ts';
import {
  Dag,
  DagRun,
  DagRuns,
  DagVersions,
  Log,
  NO_TASKS,
  type TaskInstance,
  TaskInstances,
  type TasksSeen,
  wordsOf,
} from './airflow-seen.ts';

const RUNS_MAX = 10;
const TASKS_MAX = 20;
/** Such a task is done, or will do something by itself. */
const ACTIVE = ['running', 'restarting', 'up_for_retry', 'up_for_reschedule', 'deferred', 'awaiting_input'];

export type AirflowReader = ReturnType<typeof airflowReader>;

/** What is read of a DAG; each of it may throw. */
export function airflowReader(call: AirflowCall) {
  /** Null where it does not exist. */
  async function get(path: string, needs: string, query: Parameters<AirflowCall>[0]['query'] = {}): Promise<unknown> {
    const answer: Answer = await call({ method: 'GET', path, query, needs, expects: ({ status }) => status === 404 });
    return answer.kind === 'failed' ? null : answer.body;
  }
  const pathOf = (dagId: string, ...more: readonly string[]) => ['dags', dagId, ...more].map(encodeURIComponent).join('/');

  async function tasksIn(dagId: string, run: DagRun, state: readonly string[], limit: number) {
    const query = { state, limit: String(limit), order_by: '-end_date' };
    const found = await get(pathOf(dagId, 'dagRuns', run.dag_run_id, 'taskInstances'), 'read on task instances', query);
    return readAnswer(TaskInstances, found ?? { task_instances: [] }, `Airflow's list of the tasks of ${dagId}`);
  }

  async function log(dagId: string, run: DagRun, { task_id, try_number, map_index }: TaskInstance): Promise<string | null> {
    const path = pathOf(dagId, 'dagRuns', run.dag_run_id, 'taskInstances', task_id, 'logs', String(try_number));
    const found = await get(path, 'read on task logs', { map_index: String(map_index) });
    return found === null ? null : wordsOf(readAnswer(Log, found, `Airflow's log of ${dagId}.${task_id}`), task_id);
  }

  return {
    async dag(dagId: string): Promise<Dag | null> {
      const found = await get(pathOf(dagId), 'read on the DAG');
      return found === null ? null : readAnswer(Dag, found, `Airflow's answer about DAG ${dagId}`);
    },

    /** Newest first. */
    async runs(dagId: string, limit = RUNS_MAX): Promise<readonly DagRun[]> {
      const found = await get(pathOf(dagId, 'dagRuns'), 'read on DAG runs', { order_by: '-run_after', limit: String(limit) });
      return found === null ? [] : readAnswer(DagRuns, found, `Airflow's list of the runs of ${dagId}`).dag_runs;
    },

    async run(dagId: string, runId: string): Promise<DagRun | null> {
      const found = await get(pathOf(dagId, 'dagRuns', runId), 'read on DAG runs');
      return found === null ? null : readAnswer(DagRun, found, `Airflow's answer about a run of ${dagId}`);
    },

    /** The number of the newest version of its program; 0 where none is kept. */
    async version(dagId: string): Promise<number> {
      const found = await get(pathOf(dagId, 'dagVersions'), 'read on DAG versions', { order_by: '-version_number', limit: '1' });
      if (found === null) return 0;
      return readAnswer(DagVersions, found, `Airflow's list of the versions of ${dagId}`).dag_versions[0]?.version_number ?? 0;
    },

    /** @param withWords what the last that failed said, too */
    async tasks(dagId: string, run: DagRun, withWords = false): Promise<TasksSeen> {
      if (run.state === 'success') return NO_TASKS;
      if (run.state !== 'failed') {
        const { total_entries: active } = await tasksIn(dagId, run, ACTIVE, 1);
        return { ...NO_TASKS, counts: { ...NO_TASKS.counts, active } };
      }
      const { task_instances: failed, total_entries } = await tasksIn(dagId, run, ['failed'], TASKS_MAX);
      const [last] = failed;
      const words = withWords && last ? await log(dagId, run, last) : null;
      return { failed, counts: { ...NO_TASKS.counts, failed: total_entries }, words };
    },
  };
}
