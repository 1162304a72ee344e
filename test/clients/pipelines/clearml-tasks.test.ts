import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApplyOptions, RetryChange } from '../../../clients/cluster.ts';
import { Refused, TargetChanged, TargetGone } from '../../../clients/failures.ts';
import { clearmlTaskClient } from '../../../clients/pipelines/clearml-tasks.ts';
import { retryRun } from '../../../remedies/retry-run.ts';
import { type ClearmlDouble, clearmlDouble } from '../../vendors/clearml/double.ts';
import { pipeline, task } from '../../vendors/clearml/held.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { tellsTroubles } from '../../vendors/troubles.ts';

const SECRET = 'hush-0123456789abcdef';
const FAILED_MS = Date.parse('2026-01-01T12:00:00Z');
const WRITES = /tasks\.(enqueue|clone|stop|archive_many)$/;

let double: ClearmlDouble;
let server: Recorder;
beforeAll(async () => {
  server = await record((request, headers) => double.answer(request, headers));
});
afterAll(() => server.close());
beforeEach(() => {
  double = clearmlDouble();
  server.suffer(null);
  server.begin();
});

const client = (change: { answerMsMax?: number } = {}) =>
  clearmlTaskClient({ url: server.url, accessKey: 'access', secretKey: SECRET, ...change });
const target = (name: string) => ({ cluster: 'local', namespace: 'clearml', kind: 'ClearmlTask' as const, name });
const writes = () => [...server.steps.values()].flat().flatMap(({ path }) => WRITES.exec(path)?.[1] ?? []);
const held = (id: string) => double.tasks.find((one) => one.id === id);
const retry = (name: string, change: RetryChange, options: Partial<ApplyOptions> = {}) =>
  client().retry(target(name), change, { uid: name, generation: 1 }, { key: 'act-1', dryRun: false, ...options });
/** What the remedy plans for it. */
async function planned(name: string): Promise<RetryChange> {
  const plan = retryRun(await client().observe(target(name)));
  if (plan.kind !== 'change') throw new Error(plan.reason);
  return plan.change as RetryChange;
}

describe('a task of ClearML', () => {
  it('is seen with its state, the reason that ClearML gives, and the end of its log', async () => {
    double.tasks.push(task('t1'));
    double.logs.set('t1', [
      ...Array.from({ length: 50 }, (_, index) => `epoch ${index}`),
      'ConnectionError: token=hush-hush reset by peer',
    ]);
    expect(await client().observe(target('t1'))).toMatchObject({
      kind: 'ClearmlTask',
      uid: 't1',
      controller: null,
      schedule: null,
      retriedBy: 'sameRun',
      runs: [
        {
          name: 't1',
          state: 'failed',
          reason: 'worker w-1 ended it',
          message: expect.stringMatching(/^epoch 21\n[\s\S]*ConnectionError: token=\[redacted\] reset by peer$/),
          createdMs: Date.parse('2026-01-01T10:00:00Z'),
          startedMs: Date.parse('2026-01-01T10:01:00Z'),
          endedMs: FAILED_MS,
          isRetry: false,
        },
      ],
    });
  });

  it.each([
    ['created', 'suspended'],
    ['queued', 'running'],
    ['in_progress', 'running'],
    ['stopped', 'stopped'],
    ['completed', 'completed'],
    ['published', 'completed'],
  ])('that is %s is %s', async (status, state) => {
    double.tasks.push(task('t1', { status }));
    expect((await client().observe(target('t1'))).runs[0]?.state).toBe(state);
  });

  it('is told by its message where its log cannot be read, and refused where its state is not known', async () => {
    double.tasks.push(task('t1', { status_message: 'cuda is gone' }));
    server.suffer({ kind: 'failing', status: 500, body: {} }, ({ path }) => path.endsWith('get_task_log'));
    expect((await client().observe(target('t1'))).runs[0]?.message).toBe('cuda is gone');
    double.tasks[0]!.status = 'sleeping';
    await expect(client().observe(target('t1'))).rejects.toThrow(
      "Cannot tell how ClearML's task t1 stands: its status sleeping is not known here.",
    );
  });

  it('that is a step belongs to its pipeline, which starts its runs', async () => {
    double.tasks.push(pipeline('p1'), task('t1', { parent: 'p1' }), task('t2', { parent: 't1' }));
    expect(await client().topmost('t1')).toEqual({ kind: 'ClearmlTask', name: 'p1' });
    expect(await client().topmost('t2')).toEqual({ kind: 'ClearmlTask', name: 't2' });
    expect((await client().observe(target('t1'))).controller).toBe('Pipeline/p1');
    expect(await client().topmost('t3')).toBeNull();
    await expect(client().observe(target('t3'))).rejects.toThrow(new TargetGone('ClearML has no task t3.'));
  });

  it('is left alone where its tag says so', async () => {
    double.tasks.push(task('t1'), task('t2', { tags: ['paramedic-hands-off'] }));
    expect(await client().optOut(target('t1'))).toBeNull();
    expect(await client().optOut(target('t2'))).toBe('tag paramedic-hands-off');
  });

  it('is put into its queue again once, and not reset', async () => {
    double.tasks.push(task('t1'));
    const change = await planned('t1');
    expect(change).toEqual({ kind: 'sameRun', run: { name: 't1', tries: 1, endedMs: FAILED_MS } });
    expect(await retry('t1', change)).toBe('applied');
    expect(held('t1')).toMatchObject({ status: 'queued', status_reason: 'Paramedic: act-1' });
    expect(await retry('t1', change)).toBe('alreadyApplied');
    expect(writes()).toEqual(['enqueue']);
  });

  it('is not retried for a failure that is over: somebody was faster, or it failed anew', async () => {
    double.tasks.push(task('t1'));
    const change = await planned('t1');
    Object.assign(held('t1')!, { status: 'in_progress' });
    await expect(retry('t1', change)).rejects.toThrow(
      new TargetChanged("ClearML's task t1 is in_progress: somebody has retried it meanwhile."),
    );
    Object.assign(held('t1')!, { status: 'failed', status_changed: '2026-01-01T14:00:00+00:00' });
    await expect(retry('t1', change)).rejects.toThrow(new TargetChanged("ClearML's task t1 has failed anew since it was looked at."));
    expect(writes()).toEqual([]);
  });

  it('is not retried twice where somebody does so between the look and the act', async () => {
    double.tasks.push(task('t1'));
    const change = await planned('t1');
    const beforeWrite = async () => {
      held('t1')!.status = 'in_progress';
    };
    await expect(retry('t1', change, { beforeWrite })).rejects.toThrow(
      new TargetChanged("ClearML's task t1 was retried or changed meanwhile: invalid task status: status=in_progress"),
    );
    held('t1')!.status = 'failed';
    const queued = async () => {
      held('t1')!.status = 'queued';
    };
    expect(await retry('t1', change, { beforeWrite: queued })).toBe('applied');
    expect(held('t1')?.status_reason).toBe('worker w-1 ended it');
  });

  it('is refused where it was in no queue, and where its queue is gone', async () => {
    double.tasks.push(task('t1', { execution: { queue: null } }), task('t2', { execution: { queue: 'queue-9' } }));
    await expect(retry('t1', await planned('t1'))).rejects.toThrow(
      new Refused("Cannot run ClearML's task t1 once more: it was never in a queue, so that nothing but whoever started it can."),
    );
    await expect(retry('t2', await planned('t2'))).rejects.toThrow('ClearML answers 400 701 to v2.23/tasks.enqueue: invalid queue id');
  });

  it('has no schedule that could be paused', async () => {
    double.tasks.push(task('t1'));
    const change = { kind: 'schedule', from: 'active', to: 'suspended' } as const;
    await expect(client().pause(target('t1'), change, { uid: 't1', generation: 1 }, { key: 'act-1', dryRun: false })).rejects.toThrow(
      new Refused('ClearML keeps no schedule of task t1: what starts it, such as a TaskScheduler, must be stopped by its owner.'),
    );
  });

  it('is not touched by a dry run, nor where the last look forbids it', async () => {
    double.tasks.push(task('t1'), pipeline('p1'));
    for (const name of ['t1', 'p1']) {
      const change = await planned(name);
      expect(await retry(name, change, { dryRun: true })).toBe('applied');
      const beforeWrite = () => Promise.reject(new Error('frozen'));
      await expect(retry(name, change, { beforeWrite })).rejects.toThrow('frozen');
    }
    expect(writes()).toEqual([]);
  });
});

describe('a pipeline of ClearML', () => {
  it('is cloned and queued once, and the clone is what is then seen', async () => {
    double.tasks.push(pipeline('p1', { tags: ['team-a'] }));
    const change = await planned('p1');
    expect(change).toEqual({ kind: 'furtherRun', from: null, to: { name: 'p1-retry-1', memory: {} } });
    expect(await retry('p1', change)).toBe('applied');
    expect(await retry('p1', change)).toBe('alreadyApplied');
    expect(writes()).toEqual(['clone', 'enqueue']);
    const { runs } = await client().observe(target('p1'));
    expect(runs.map(({ name, state, isRetry }) => [name, state, isRetry])).toEqual([
      ['p1-retry-1', 'running', true],
      ['p1', 'failed', false],
    ]);
    expect(double.tasks[1]).toMatchObject({
      name: 'nightly fraud (p1-retry-1)',
      parent: 'p1',
      tags: ['team-a', 'paramedic-run:p1-retry-1', 'paramedic-act:act-1'],
    });
    expect(await client().topmost(double.tasks[1]!.id)).toEqual({ kind: 'ClearmlTask', name: 'p1' });
  });

  it('whose clone was not queued yet, since whoever made it was stopped, has it queued', async () => {
    double.tasks.push(pipeline('p1'));
    const change = await planned('p1');
    server.suffer({ kind: 'down' }, ({ path }) => path.endsWith('tasks.enqueue'));
    await expect(retry('p1', change)).rejects.toThrow('Cannot reach ClearML');
    server.suffer(null);
    expect(await retry('p1', change)).toBe('applied');
    expect(double.tasks.map(({ status }) => status)).toEqual(['failed', 'queued']);
    expect(writes()).toEqual(['clone', 'enqueue', 'enqueue']);
  });

  it('is left alone where somebody else made the run, or the newest has not failed any more', async () => {
    double.tasks.push(pipeline('p1'));
    const change = await planned('p1');
    await retry('p1', change, { key: 'other' });
    await expect(retry('p1', change)).rejects.toThrow(new TargetChanged('A run p1-retry-1 is there already, made by somebody else.'));
    const next: RetryChange = { kind: 'furtherRun', from: null, to: { name: 'p1-retry-2', memory: {} } };
    await expect(retry('p1', next)).rejects.toThrow(
      new TargetChanged(`ClearML's task ${double.tasks[1]!.id} is queued: it has not failed any more.`),
    );
    expect(double.tasks).toHaveLength(2);
  });

  it('takes a further run back while it has not ended, and only its own', async () => {
    double.tasks.push(pipeline('p1'));
    const change = await planned('p1');
    if (change.kind !== 'furtherRun') throw new Error('It is to be a further run.');
    await retry('p1', change);
    const back: RetryChange = { ...change, from: change.to, to: null };
    await expect(retry('p1', back, { key: 'other/undo' })).rejects.toThrow(new TargetChanged('Run p1-retry-1 was made by somebody else.'));
    double.tasks[1]!.status = 'completed';
    await expect(retry('p1', back, { key: 'act-1/undo' })).rejects.toThrow(
      new TargetChanged('Run p1-retry-1 has ended, and is kept with its log.'),
    );
    double.tasks[1]!.status = 'in_progress';
    expect(await retry('p1', back, { key: 'act-1/undo', dryRun: true })).toBe('applied');
    const beforeWrite = () => Promise.reject(new Error('frozen'));
    await expect(retry('p1', back, { key: 'act-1/undo', beforeWrite })).rejects.toThrow('frozen');
    expect(double.tasks[1]).toMatchObject({ status: 'in_progress', system_tags: ['pipeline'] });
    expect(await retry('p1', back, { key: 'act-1/undo' })).toBe('applied');
    expect(double.tasks[1]).toMatchObject({ status: 'stopped', system_tags: ['pipeline', 'archived'] });
    expect(await retry('p1', back, { key: 'act-1/undo' })).toBe('alreadyApplied');
    expect(writes()).toEqual(['clone', 'enqueue', 'stop', 'archive_many']);
  });

  it('cannot be given more memory', async () => {
    double.tasks.push(pipeline('p1'));
    const memory = { main: { limit: '2Gi', request: null } };
    await expect(retry('p1', { kind: 'furtherRun', from: null, to: { name: 'p1-retry-1', memory } })).rejects.toThrow(
      new Refused('Cannot give task p1 more memory: in ClearML what runs a queue decides how much its tasks have.'),
    );
  });
});

describe('ClearML', () => {
  tellsTroubles({
    server: () => server,
    ask: (answerMsMax) => client({ answerMsMax }).observe(target('t1')),
    system: 'ClearML',
    credentials: 'PARAMEDIC_CLEARML_ACCESS_KEY and PARAMEDIC_CLEARML_SECRET_KEY',
    needs: 'the right to read tasks',
    secret: SECRET,
    isHit: ({ path }) => !path.endsWith('auth.login'),
    asksAnew: true,
    failure: (message) => ({ meta: { result_code: 400, result_subcode: 0, result_msg: message }, data: {} }),
  });
});
