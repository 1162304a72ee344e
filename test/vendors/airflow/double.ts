import type { IncomingMessage } from 'node:http';
import type { Recorded, Reply } from '../recorder.ts';

/** A task instance as the double keeps it; what is logged of each try is one log here. */
interface AirflowTask {
  readonly id: string;
  state: 'success' | 'failed' | 'running' | null;
  try: number;
  log: readonly unknown[];
}

export interface AirflowRun {
  readonly id: string;
  state: 'queued' | 'running' | 'success' | 'failed';
  endedAt: string | null;
  note: string | null;
  tasks: AirflowTask[];
}

interface AirflowDagKept {
  isPaused: boolean;
  schedule: string;
  tags: readonly string[];
  version: number;
  /** Newest first. */
  runs: AirflowRun[];
}

/** What the double holds of an Airflow 3, and how it answers: in the words of a real one of version 3.3.2. */
export interface AirflowDouble {
  readonly dags: Map<string, AirflowDagKept>;
  /** Tokens that are known; a login gives the first of `next`. */
  readonly tokens: Set<string>;
  readonly next: string[];
  readonly answer: (request: Recorded, headers: IncomingMessage['headers']) => Reply;
}

export function airflowDouble(): AirflowDouble {
  const dags = new Map<string, AirflowDagKept>();
  const tokens = new Set<string>();
  const next = ['token-1', 'token-2', 'token-3'];
  return {
    dags,
    tokens,
    next,
    answer(request, headers) {
      if (request.path === '/auth/token') return login(request);
      const token = headers.authorization?.replace(/^Bearer /, '');
      if (token === undefined) return failing(401, 'Not authenticated');
      // A token that this server did not sign, such as one of before it was set up anew.
      if (!tokens.has(token)) return failing(403, 'Invalid JWT token');
      return api(request);
    },
  };

  function login({ body }: Recorded): Reply {
    const { password } = body as { readonly password: string };
    if (password !== 'hush') return failing(401, 'Invalid credentials');
    const token = next.shift() ?? 'token-last';
    tokens.add(token);
    return { status: 201, body: { access_token: token } };
  }

  function api(request: Recorded): Reply {
    const [, , , dagId = '', place, runId = '', what] = request.path.split('/').slice(1).map(decodeURIComponent);
    const dag = dags.get(dagId);
    if (dag === undefined) return failing(404, `The Dag with ID: \`${dagId}\` was not found`);
    if (place === undefined) return ofDag(request, dagId, dag);
    if (place === 'dagVersions') return { body: { dag_versions: [{ version_number: dag.version }], total_entries: dag.version } };
    if (runId === '')
      return { body: { dag_runs: dag.runs.slice(0, Number(request.query.limit)).map(runBody), total_entries: dag.runs.length } };
    const run = dag.runs.find(({ id }) => id === runId);
    if (run === undefined) return failing(404, `The DagRun with dag_id: \`${dagId}\` and run_id: \`${runId}\` was not found`);
    if (what === 'taskInstances') return ofTasks(request, run);
    if (what === 'clear') return clear(request, run);
    if (request.method === 'PATCH') run.note = (request.body as { readonly note: string }).note || null;
    return { body: runBody(run) };
  }
}

function ofDag({ method, body }: Recorded, dagId: string, dag: AirflowDagKept): Reply {
  if (method === 'PATCH') dag.isPaused = (body as { readonly is_paused: boolean }).is_paused;
  return {
    body: {
      dag_id: dagId,
      is_paused: dag.isPaused,
      timetable_summary: dag.schedule,
      timetable_periodic: dag.schedule !== 'None' && dag.schedule !== 'Asset',
      max_active_runs: 16,
      tags: dag.tags.map((name) => ({ name, dag_id: dagId, dag_display_name: dagId })),
    },
  };
}

function ofTasks({ path, query }: Recorded, run: AirflowRun): Reply {
  const [taskId, , number] = path.split('/taskInstances/')[1]?.split('/') ?? [];
  if (taskId !== undefined) {
    const task = run.tasks.find(({ id }) => id === taskId);
    if (!task || Number(number) !== task.try) return failing(404, 'TaskInstance not found');
    return { body: { content: task.log, continuation_token: null } };
  }
  const found = run.tasks.filter(({ state }) => state === query.state || (query.state === 'awaiting_input' && state === 'running'));
  return {
    body: {
      task_instances: found.map(taskBody),
      total_entries: found.length,
    },
  };
}

function clear({ body }: Recorded, run: AirflowRun): Reply {
  const { dry_run: isDry = true, only_failed: onlyFailed, note } = body as { dry_run?: boolean; only_failed: boolean; note?: string };
  const cleared = run.tasks.filter(({ state }) => !onlyFailed || state === 'failed');
  if (isDry) return { body: { task_instances: cleared.map(taskBody), total_entries: cleared.length } };
  for (const task of cleared) task.state = null;
  run.state = 'queued';
  run.endedAt = null;
  if (note !== undefined) run.note = note;
  return { body: runBody(run) };
}

function taskBody({ id, try: number }: AirflowTask) {
  return { task_id: id, map_index: -1, try_number: number, end_date: '2026-03-02T11:05:00Z' };
}

function runBody({ id, state, endedAt, note }: AirflowRun) {
  return {
    dag_run_id: id,
    state,
    run_type: 'scheduled',
    run_after: '2026-03-02T11:00:00Z',
    queued_at: '2026-03-02T11:00:00Z',
    start_date: '2026-03-02T11:00:01Z',
    end_date: endedAt,
    note,
  };
}

function failing(status: number, detail: string): Reply {
  return { status, body: { detail } };
}
