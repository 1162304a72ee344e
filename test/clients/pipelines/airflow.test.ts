import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutsideClient } from '../../../clients/outside.ts';
import { airflowDags } from '../../../clients/pipelines/airflow.ts';
import type { AirflowAccess } from '../../../clients/pipelines/airflow-call.ts';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { type Change, inverse } from '../../../incident/change.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import type { PipelineEvidence } from '../../../incident/pipeline.ts';
import { planRemedy } from '../../../remedies/plan-remedy.ts';
import { remedyLimits } from '../../remedy-limits.ts';
import { type AirflowDouble, type AirflowRun, airflowDouble } from '../../vendors/airflow/double.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { tellsTroubles } from '../../vendors/troubles.ts';

const target = { cluster: 'test', namespace: 'airflow', kind: 'AirflowDag', name: 'daily_etl' } as const;
const USER = { kind: 'user', username: 'paramedic', password: 'hush' } as const;
const NOW = { dryRun: false };
const SUSPEND = { kind: 'schedule', from: 'active', to: 'suspended' } as const;
const RESET = 'ConnectionResetError: Connection reset by peer';

let double: AirflowDouble;
let server: Recorder;
beforeAll(async () => {
  server = await record((request, headers) => double.answer(request, headers));
});
afterAll(() => server.close());
beforeEach(() => {
  double = airflowDouble();
  server.suffer(null);
  server.begin();
});

type Dags = Extract<OutsideClient, { is: 'pipeline' }>;
const dags = (change: Partial<AirflowAccess> = {}) => airflowDags({ url: server.url, credentials: USER, ...change }) as Dags;
const asked = () => [...server.steps.values()].flat();
/** What was asked that changes something. */
const writes = () =>
  asked().flatMap(({ method, path, body }) =>
    method === 'GET' || path === '/auth/token' ? [] : [{ path: decodeURIComponent(path), body }],
  );

function holdFailed(
  log: readonly unknown[] = [{ event: 'Task failed with exception', error_detail: [{ exc_type: 'E', exc_value: '' }] }],
): AirflowRun {
  const run: AirflowRun = {
    id: 'scheduled__2026-03-02T11:00:00+00:00',
    state: 'failed',
    endedAt: '2026-03-02T11:05:00Z',
    note: 'ann: watch this one',
    tasks: [
      { id: 'extract', state: 'success', try: 1, log: [] },
      { id: 'train', state: 'failed', try: 2, log },
    ],
  };
  double.dags.set('daily_etl', { isPaused: false, schedule: '0 3 * * *', tags: [], version: 4, runs: [run] });
  return run;
}

const seen = async () => (await dags().observe(target)) as PipelineEvidence;
const causeOf = async (log: readonly unknown[]) => {
  holdFailed(log);
  return diagnose(await seen(), QUIET_CONTEXT);
};
const raised = (exc_type: string, exc_value: string) => ({ event: 'Task failed with exception', error_detail: [{ exc_type, exc_value }] });

/** The plan of a remedy, and its act under a key. */
async function retry(key: string, client = dags(), given?: PipelineEvidence) {
  const evidence = given ?? (await seen());
  const planned = planRemedy('retryRun', evidence, remedyLimits());
  if (planned.kind === 'unusable') throw new Error(planned.reason);
  return client.retry(target, planned.change as Extract<Change, { kind: 'sameRun' }>, evidence, { key, ...NOW });
}

describe('what is seen of a DAG', () => {
  it('is its schedule, its last runs, and the end of what its last failed task said', async () => {
    holdFailed(['::group::pre', 'starting', RESET]);
    expect(await seen()).toMatchObject({
      kind: 'AirflowDag',
      uid: 'daily_etl',
      generation: 4,
      schedule: { cron: '0 3 * * *', suspendedBy: null, concurrency: 'Allow', lastMs: Date.parse('2026-03-02T11:00:00Z') },
      runs: [{ name: 'scheduled__2026-03-02T11:00:00+00:00', state: 'failed', failed: 1, tries: 2, message: `train: starting\n${RESET}` }],
      pods: [],
      retriedBy: 'sameRun',
    });
  });

  it.each<[string, unknown[], string]>([
    ['a lost connection', [raised('ConnectionResetError', 'Connection reset by peer')], 'transient'],
    ['a schema', [raised('SchemaError', 'column age not in dataframe')], 'bad-input'],
    ['a refused credential', [raised('HTTPError', 'status 401 for url')], 'credential-expired'],
    ['its own program', [raised('ZeroDivisionError', 'division by zero')], 'code-error'],
    [
      'want of memory',
      [{ event: 'Process terminated by signal. Likely out of memory error (OOM).', signal_name: 'SIGKILL' }],
      'memory-limit-too-low',
    ],
    [
      'want of memory in a pod of its own',
      ['Pod train-x1 failed', "{'terminated': {'reason': 'OOMKilled', 'exitCode': 137}}"],
      'memory-limit-too-low',
    ],
  ])('tells by the log that it failed by %s', async (_what, log, cause) => {
    expect((await causeOf(log)).cause).toBe(cause);
  });

  it('is not where the log is kept, which is all there is of a task that never began', async () => {
    const sources = ['::group::Log message source details', '/logs/dag_id=daily_etl/attempt=1.log', '::endgroup::'].map((event) => ({
      event,
    }));
    holdFailed(sources);
    expect((await seen()).runs[0]?.message).toBeNull();
    holdFailed([...sources, { event: RESET }]);
    expect((await seen()).runs[0]?.message).toBe(`train: ${RESET}`);
  });

  it('has secrets struck out', async () => {
    expect((await causeOf(['token=abc123secret'])).reasons.join()).not.toContain('abc123secret');
  });

  it('says that how much memory it may have is not told here', async () => {
    const { reasons } = await causeOf([{ event: 'Process terminated by signal. Likely out of memory error (OOM).' }]);
    expect(reasons[0]).toContain('must be given more where it is written');
    expect(planRemedy('retryRunWithMoreMemory', await seen(), remedyLimits())).toMatchObject({ kind: 'unusable' });
  });

  it('is that a person paused it, and then it is left alone', async () => {
    holdFailed();
    double.dags.get('daily_etl')!.isPaused = true;
    expect(diagnose(await seen(), QUIET_CONTEXT).cause).toBe('held-by-person');
  });

  it('is no schedule where it is started by hand alone', async () => {
    holdFailed();
    double.dags.get('daily_etl')!.schedule = 'None';
    expect((await seen()).schedule).toBeNull();
  });

  it('is nothing where there is no such DAG', async () => {
    await expect(seen()).rejects.toThrow('airflow/AirflowDag/daily_etl does not exist.');
    expect(await dags().topmost('daily_etl')).toBeNull();
  });

  it('is that its owners keep Paramedic off it, by a tag', async () => {
    holdFailed();
    expect(await dags().optOut(target)).toBeNull();
    double.dags.get('daily_etl')!.tags = ['paramedic-off'];
    expect(await dags().optOut(target)).toBe('its tag paramedic-off');
  });
});

describe('a failed DAG run', () => {
  it('has its failed tasks run again, once under one key, and its note keeps what people wrote', async () => {
    const run = holdFailed([RESET]);
    const evidence = await seen();
    expect(await retry('k1', dags(), evidence)).toBe('applied');
    expect(await retry('k1', dags(), evidence)).toBe('alreadyApplied');
    expect(writes()).toEqual([
      {
        path: '/api/v2/dags/daily_etl/dagRuns/scheduled__2026-03-02T11:00:00+00:00/clear',
        body: { dry_run: false, only_failed: true, note: 'ann: watch this one\nParamedic had its failed tasks run again: k1' },
      },
    ]);
    expect([run.state, run.tasks.map(({ state }) => state)]).toEqual(['queued', ['success', null]]);
  });

  it('is not run again by the same act once it has failed again (safety 1)', async () => {
    const run = holdFailed([RESET]);
    const evidence = await seen();
    await retry('k1', dags(), evidence);
    Object.assign(run, { state: 'failed', endedAt: '2026-03-02T11:20:00Z' });
    Object.assign(run.tasks[1]!, { state: 'failed', try: 3 });
    expect(await retry('k1', dags(), evidence)).toBe('alreadyApplied');
    expect(await retry('k2')).toBe('applied');
    expect(run.note).toBe('ann: watch this one\nParamedic had its failed tasks run again: k2');
  });

  it.each<[string, (run: AirflowRun) => void, string]>([
    ['it runs', (run) => Object.assign(run, { state: 'running' }), 'is running; somebody else has had it run again'],
    ['it has failed again', (run) => Object.assign(run, { endedAt: '2026-03-02T11:20:00Z' }), 'was run again since it was looked at'],
    ['it was tried more often', (run) => Object.assign(run.tasks[1]!, { try: 3 }), 'was run again since it was looked at'],
  ])('is left as it is when somebody else was at it, so that %s', async (_case, change, sentence) => {
    const run = holdFailed([RESET]);
    const evidence = await seen();
    change(run);
    await expect(retry('k1', dags(), evidence)).rejects.toThrow(sentence);
    expect(writes()).toEqual([]);
  });

  it('is left as it is when it is gone, its DAG is paused, or a newer version of the DAG is there', async () => {
    holdFailed([RESET]);
    const evidence = await seen();
    const dag = double.dags.get('daily_etl')!;
    dag.version = 5;
    await expect(retry('k1', dags(), evidence)).rejects.toThrow('DAG daily_etl is at version 5, but the plan was made for 4.');
    Object.assign(dag, { version: 4, isPaused: true });
    await expect(retry('k1', dags(), evidence)).rejects.toThrow('DAG daily_etl is paused');
    Object.assign(dag, { isPaused: false, runs: [] });
    await expect(retry('k1', dags(), evidence)).rejects.toThrow('does not exist any more');
    double.dags.clear();
    await expect(retry('k1', dags(), evidence)).rejects.toThrow('DAG daily_etl does not exist.');
    expect(writes()).toEqual([]);
  });

  it('is only asked about as a dry run', async () => {
    const run = holdFailed([RESET]);
    const evidence = await seen();
    const change = { kind: 'sameRun', run: { name: run.id, tries: 2 } } as const;
    expect(await dags().retry(target, change, evidence, { key: 'dry-run', dryRun: true })).toBe('applied');
    expect([run.state, run.note]).toEqual(['failed', 'ann: watch this one']);
    expect(writes()).toEqual([{ path: expect.stringContaining('/clear'), body: { dry_run: true, only_failed: true } }]);
  });

  it('is left as it is when what is looked at directly before the write says no', async () => {
    const run = holdFailed([RESET]);
    const change = { kind: 'sameRun', run: { name: run.id, tries: 2 } } as const;
    const beforeWrite = () => Promise.reject(new Error('It is well.'));
    await expect(dags().retry(target, change, await seen(), { key: 'k1', ...NOW, beforeWrite })).rejects.toThrow('It is well.');
    expect(writes()).toEqual([]);
  });

  it('is not run again where its note has no room for the mark of that', async () => {
    const run = holdFailed([RESET]);
    run.note = 'x'.repeat(990);
    await expect(retry('k1')).rejects.toThrow('no mark of ours fits in');
    expect(writes()).toEqual([]);
  });

  it('is never made anew beside the failed one', async () => {
    holdFailed([RESET]);
    const change = { kind: 'furtherRun', from: null, to: { name: 'x', memory: {} } } as const;
    await expect(dags().retry(target, change, await seen(), { key: 'k1', ...NOW })).rejects.toThrow('no further run of daily_etl is made');
  });
});

describe('a DAG', () => {
  it('is paused once, with a mark in the note of its last run, and goes on when that is taken back', async () => {
    const run = holdFailed();
    const before = structuredClone(double.dags);
    const evidence = await seen();
    expect(await dags().pause(target, SUSPEND, evidence, { key: 'k1', ...NOW })).toBe('applied');
    expect(await dags().pause(target, SUSPEND, evidence, { key: 'k1', ...NOW })).toBe('alreadyApplied');
    expect(run.note).toBe('ann: watch this one\nParamedic paused the DAG after this run: k1');
    expect((await seen()).schedule?.suspendedBy).toBe('paramedic');
    const back = inverse(SUSPEND) as typeof SUSPEND;
    expect(await dags().pause(target, back, { uid: 'daily_etl', generation: null }, { key: 'k1/undo', ...NOW })).toBe('applied');
    expect(double.dags).toEqual(before);
    expect(await dags().pause(target, back, { uid: 'daily_etl', generation: null }, { key: 'k1/undo', ...NOW })).toBe('alreadyApplied');
  });

  it('is paused by the second try when the first ended between mark and pause', async () => {
    holdFailed();
    const evidence = await seen();
    server.suffer({ kind: 'down' }, ({ method, path }) => method === 'PATCH' && path === '/api/v2/dags/daily_etl');
    await expect(dags().pause(target, SUSPEND, evidence, { key: 'k1', ...NOW })).rejects.toThrow('Cannot reach Airflow');
    server.suffer(null);
    server.begin();
    expect(await dags().pause(target, SUSPEND, evidence, { key: 'k1', ...NOW })).toBe('applied');
    expect(writes()).toEqual([{ path: '/api/v2/dags/daily_etl', body: { is_paused: true } }]);
  });

  it('that a person paused is theirs, and is not set going', async () => {
    holdFailed();
    const evidence = await seen();
    double.dags.get('daily_etl')!.isPaused = true;
    await expect(dags().pause(target, SUSPEND, evidence, { key: 'k1', ...NOW })).rejects.toThrow('paused by somebody else');
    const back = inverse(SUSPEND) as typeof SUSPEND;
    await expect(dags().pause(target, back, evidence, { key: 'k1/undo', ...NOW })).rejects.toThrow('paused by somebody else');
    expect(writes()).toEqual([]);
  });

  it('is a person’s once it was set going and runs began since', async () => {
    holdFailed();
    await dags().pause(target, SUSPEND, await seen(), { key: 'k1', ...NOW });
    double.dags.get('daily_etl')!.runs.unshift({ id: 'manual__1', state: 'success', endedAt: null, note: null, tasks: [] });
    expect((await seen()).schedule?.suspendedBy).toBe('person');
  });

  it('is only asked about as a dry run', async () => {
    holdFailed();
    expect(await dags().pause(target, SUSPEND, await seen(), { key: 'dry-run', dryRun: true })).toBe('applied');
    expect(writes()).toEqual([]);
  });
});

describe('the token of Airflow', () => {
  const logins = () => asked().filter(({ path }) => path === '/auth/token').length;

  it('is asked for once, and anew when the server knows it no longer', async () => {
    holdFailed();
    const client = dags();
    await client.observe(target);
    await client.observe(target);
    expect(logins()).toBe(1);
    double.tokens.clear();
    await client.observe(target);
    expect(logins()).toBeGreaterThan(1);
  });

  it('is not asked for again where the right is missing', async () => {
    holdFailed();
    const client = dags();
    await client.observe(target);
    server.suffer({ kind: 'failing', status: 403, body: { detail: 'Forbidden' } }, ({ path }) => path.endsWith('/dagRuns'));
    await expect(client.observe(target)).rejects.toThrow('Airflow does not allow it: read on DAG runs is missing.');
    expect(logins()).toBe(1);
  });

  it('is not given for a wrong password, which is never told', async () => {
    const wrong = dags({ credentials: { ...USER, password: 'sesame-open' } }).observe(target);
    await expect(wrong).rejects.toThrow('Airflow does not know us: check PARAMEDIC_AIRFLOW_TOKEN, or PARAMEDIC_AIRFLOW_USERNAME');
    await expect(wrong).rejects.not.toThrow('sesame-open');
  });

  it('is asked for again after a login that failed', async () => {
    holdFailed();
    const client = dags();
    server.suffer({ kind: 'down' });
    await expect(client.observe(target)).rejects.toThrow('Cannot reach Airflow');
    server.suffer(null);
    expect(await client.observe(target)).toMatchObject({ kind: 'AirflowDag' });
  });
});

describe('an answer of Airflow that is not as it should be', () => {
  it('is told by its first field', async () => {
    holdFailed();
    server.suffer({ kind: 'failing', status: 200, body: { dag_id: 3 } }, ({ path }) => path === '/api/v2/dags/daily_etl');
    await expect(seen()).rejects.toThrow("Airflow's answer about DAG daily_etl cannot be understood: dag_id: ");
  });
});

describe('Airflow in trouble', () => {
  const TOKEN = 'hush-0123456789abcdef';
  tellsTroubles({
    server: () => server,
    ask: (answerMsMax) => dags({ credentials: { kind: 'bearer', token: TOKEN }, answerMsMax }).topmost('daily_etl'),
    system: 'Airflow',
    credentials: 'PARAMEDIC_AIRFLOW_TOKEN, or PARAMEDIC_AIRFLOW_USERNAME and PARAMEDIC_AIRFLOW_PASSWORD',
    needs: 'read on the DAG',
    secret: TOKEN,
    failure: (detail) => ({ detail }),
  });
});
