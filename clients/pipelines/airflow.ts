import { targetText } from '../../incident/target.ts';
import type { ApplyOptions, Bound, RetryChange, ScheduleChange } from '../cluster.ts';
import { Refused, TargetChanged, TargetGone } from '../failures.ts';
import type { OutsideClient } from '../outside.ts';
import { type AirflowAccess, airflowCall } from './airflow-call.ts';
import { noteWith, pausedBy, retriedBy } from './airflow-notes.ts';
import { type AirflowReader, airflowReader } from './airflow-read.ts';
import { type DagRun, NO_TASKS, OPT_OUT_TAG, runOf, scheduleOf, triesOf } from './airflow-seen.ts';

const EDIT_RUN = 'edit on DAG runs';
const EDIT_DAG = 'edit on the DAG';

/** The DAGs of an Airflow 3. */
export function airflowDags(access: AirflowAccess): OutsideClient {
  const call = airflowCall(access);
  const read = airflowReader(call);

  /** @throws TargetChanged when it is not the failed run that was seen */
  async function failedRun(dagId: string, { run }: Extract<RetryChange, { kind: 'sameRun' }>, key: string): Promise<DagRun | 'ours'> {
    const text = `DAG run ${run.name} of ${dagId}`;
    const now = await read.run(dagId, run.name);
    if (now === null) throw new TargetChanged(`${text} does not exist any more.`);
    if (retriedBy(now.note) === key) return 'ours';
    if (now.state !== 'failed') throw new TargetChanged(`${text} is ${now.state}; somebody else has had it run again.`);
    const tries = triesOf((await read.tasks(dagId, now)).failed);
    const isLater = run.endedMs !== undefined && now.end_date !== run.endedMs;
    if (isLater || tries !== run.tries) throw new TargetChanged(`${text} was run again since it was looked at, and failed again.`);
    return now;
  }

  async function clear(dagId: string, change: Extract<RetryChange, { kind: 'sameRun' }>, bound: Bound, options: ApplyOptions) {
    const { key, dryRun, beforeWrite } = options;
    const dag = await existing(read, dagId);
    const run = await failedRun(dagId, change, key);
    if (run === 'ours') return 'alreadyApplied';
    if (dag.is_paused) throw new Refused(`DAG ${dagId} is paused: what would be run again in it would wait until it is not.`);
    await unlessNewer(read, dagId, bound);
    const path = `dags/${part(dagId)}/dagRuns/${part(run.dag_run_id)}/clear`;
    const note = noteWith(run.note, 'retried', key);
    if (!dryRun) await beforeWrite?.();
    // Without dry_run: false Airflow only tells what it would do. What else it may be asked for here is not the run as it was.
    const answer = await call({
      method: 'POST',
      path,
      body: { dry_run: dryRun, only_failed: true, ...(dryRun ? {} : { note }) },
      needs: EDIT_RUN,
      expects: ({ status }) => status === 404 || status === 409,
    });
    if (answer.kind === 'failed') throw new TargetChanged(`DAG run ${run.dag_run_id} of ${dagId} changed meanwhile: ${answer.message}`);
    return 'applied';
  }

  const writeNote = (dagId: string, run: DagRun, note: string) =>
    call({
      method: 'PATCH',
      path: `dags/${part(dagId)}/dagRuns/${part(run.dag_run_id)}`,
      query: { update_mask: 'note' },
      body: { note },
      needs: EDIT_RUN,
    });
  const setPaused = (dagId: string, paused: boolean) =>
    call({
      method: 'PATCH',
      path: `dags/${part(dagId)}`,
      query: { update_mask: 'is_paused' },
      body: { is_paused: paused },
      needs: EDIT_DAG,
    });

  /** The mark is there before the pause, so that none of ours is taken for a person's. */
  async function suspend(dagId: string, isPaused: boolean, run: DagRun, { key, dryRun, beforeWrite }: ApplyOptions) {
    const isMarked = pausedBy(run.note) === key;
    if (isPaused && isMarked) return 'alreadyApplied';
    if (isPaused) throw new TargetChanged(`DAG ${dagId} was paused by somebody else.`);
    const note = noteWith(run.note, 'paused', key);
    if (dryRun) return 'applied';
    await beforeWrite?.();
    if (!isMarked) await writeNote(dagId, run, note);
    await setPaused(dagId, true);
    return 'applied';
  }

  async function resume(dagId: string, isPaused: boolean, run: DagRun, { dryRun, beforeWrite }: ApplyOptions) {
    const isMarked = pausedBy(run.note) !== null;
    if (isPaused && !isMarked) throw new TargetChanged(`DAG ${dagId} was paused by somebody else.`);
    if (dryRun) return 'applied';
    if (isPaused) {
      await beforeWrite?.();
      await setPaused(dagId, false);
    }
    if (isMarked) await writeNote(dagId, run, noteWith(run.note, 'paused', null));
    return isPaused ? 'applied' : 'alreadyApplied';
  }

  async function pause(dagId: string, { to }: ScheduleChange, bound: Bound, options: ApplyOptions) {
    const { is_paused } = await existing(read, dagId);
    const [run] = await read.runs(dagId, 1);
    if (run === undefined) throw new Refused(`DAG ${dagId} has no run that could tell by whom it was paused.`);
    await unlessNewer(read, dagId, bound);
    return to === 'suspended' ? suspend(dagId, is_paused, run, options) : resume(dagId, is_paused, run, options);
  }

  return {
    is: 'pipeline',
    namespace: 'airflow',
    topmost: async (name) => ((await read.dag(name)) === null ? null : { kind: 'AirflowDag', name }),
    async optOut({ name }) {
      const tags = (await read.dag(name))?.tags ?? [];
      return tags.some((tag) => tag.name === OPT_OUT_TAG) ? `its tag ${OPT_OUT_TAG}` : null;
    },
    async observe(target) {
      const dagId = target.name;
      const dag = await read.dag(dagId);
      if (dag === null) throw new TargetGone(`${targetText(target)} does not exist.`);
      const [runs, generation] = await Promise.all([read.runs(dagId), read.version(dagId)]);
      const [newest, ...earlier] = runs;
      return {
        kind: 'AirflowDag',
        uid: dagId,
        generation,
        name: dagId,
        readAtMs: Date.now(),
        controller: null,
        schedule: scheduleOf(dag, runs),
        runs: newest ? [runOf(newest, await read.tasks(dagId, newest, true)), ...earlier.map((run) => runOf(run, NO_TASKS))] : [],
        pods: [],
        memory: {},
        retriedBy: 'sameRun',
      };
    },
    async retry({ name }, change, bound, options) {
      if (change.kind === 'sameRun') return clear(name, change, bound, options);
      throw new Refused(`A DAG run that failed goes on; no further run of ${name} is made beside it.`);
    },
    pause: ({ name }, change, bound, options) => pause(name, change, bound, options),
  };
}

async function existing(read: AirflowReader, dagId: string) {
  const dag = await read.dag(dagId);
  if (dag === null) throw new TargetGone(`DAG ${dagId} does not exist.`);
  return dag;
}

/** @throws TargetChanged when a newer version of the DAG is there than was seen */
async function unlessNewer(read: AirflowReader, dagId: string, { generation }: Bound): Promise<void> {
  const now = generation === null ? null : await read.version(dagId);
  if (now !== generation) throw new TargetChanged(`DAG ${dagId} is at version ${now}, but the plan was made for ${generation}.`);
}

function part(name: string): string {
  return encodeURIComponent(name);
}
