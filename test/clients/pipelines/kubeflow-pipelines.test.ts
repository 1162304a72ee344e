import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutsideClient } from '../../../clients/outside.ts';
import type { KubeflowAccess } from '../../../clients/pipelines/kubeflow-call.ts';
import { kubeflowPipelines } from '../../../clients/pipelines/kubeflow-pipelines.ts';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { type Change, inverse } from '../../../incident/change.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import type { PipelineEvidence } from '../../../incident/pipeline.ts';
import { planRemedy } from '../../../remedies/plan-remedy.ts';
import { remedyLimits } from '../../remedy-limits.ts';
import { failing, type KubeflowDouble, kubeflowDouble } from '../../vendors/kubeflow-pipelines/double.ts';
import { failedRun, holdRecurring, RECURRING_ID, RUN_ID, recurringRun } from '../../vendors/kubeflow-pipelines/held.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { tellsTroubles } from '../../vendors/troubles.ts';

const run = { cluster: 'test', namespace: 'kubeflow-pipelines', kind: 'KubeflowRun', name: RUN_ID } as const;
const recurring = { ...run, kind: 'KubeflowRecurringRun', name: RECURRING_ID } as const;
const NOW = { dryRun: false };
const SUSPEND = { kind: 'schedule', from: 'active', to: 'suspended' } as const;
const CLONE = `churn nightly (retry 1 of ${RUN_ID})`;

let double: KubeflowDouble;
let server: Recorder;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  server = await record((request, headers) => double.answer(request, headers));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});
beforeEach(() => {
  double = kubeflowDouble();
  server.suffer(null);
  server.begin();
});

type Runs = Extract<OutsideClient, { is: 'pipeline' }>;
const pipelines = (change: Partial<KubeflowAccess> = {}) =>
  kubeflowPipelines({ url: server.url, credentials: null, ...change }, { patienceMs: 40, lookEveryMs: 10 }) as {
    readonly runs: Runs;
    readonly recurringRuns: Runs;
  };
const writes = () => [...server.steps.values()].flat().flatMap(({ method, path, body }) => (method === 'GET' ? [] : [{ path, body }]));
const seen = async () => (await pipelines().runs.observe(run)) as PipelineEvidence;

async function retry(key: string, evidence: PipelineEvidence, options = {}) {
  const planned = planRemedy('retryRun', evidence, remedyLimits());
  if (planned.kind === 'unusable') throw new Error(planned.reason);
  return pipelines().runs.retry(run, planned.change as Extract<Change, { kind: 'sameRun' }>, evidence, { key, ...NOW, ...options });
}

describe('what is seen of a pipeline run', () => {
  it('is how it stands, and what its failed tasks say', async () => {
    double.runs.set(RUN_ID, failedRun());
    const evidence = await seen();
    expect(evidence).toMatchObject({
      kind: 'KubeflowRun',
      schedule: null,
      runs: [
        {
          name: RUN_ID,
          state: 'failed',
          tries: 1,
          succeeded: 1,
          failed: 1,
          message: expect.stringContaining('train: Connection reset by peer'),
        },
      ],
    });
    expect(diagnose(evidence, QUIET_CONTEXT)).toMatchObject({
      cause: 'transient',
      reasons: [`Pipeline run ${RUN_ID} failed by something that passes. It said: train: Connection reset by peer`],
    });
  });

  it.each([
    ['RUNNING', 'still-running'],
    ['PENDING', 'still-running'],
    ['CANCELED', 'held-by-person'],
    ['PAUSED', 'held-by-person'],
    ['SUCCEEDED', 'healthy'],
  ])('in the state %s is %s', async (state, cause) => {
    double.runs.set(RUN_ID, failedRun({ state, created_at: new Date().toISOString() }));
    expect(diagnose(await seen(), QUIET_CONTEXT).cause).toBe(cause);
  });

  it('is that it was ended for want of memory, where the server says so', async () => {
    const error = { code: 2, message: 'OOMKilled (exit code 137)' };
    double.runs.set(RUN_ID, failedRun({ error }));
    expect(diagnose(await seen(), QUIET_CONTEXT).cause).toBe('memory-limit-too-low');
  });

  it('is nothing where there is no such run', async () => {
    await expect(seen()).rejects.toThrow(`kubeflow-pipelines/KubeflowRun/${RUN_ID} does not exist.`);
    await expect(pipelines().recurringRuns.observe(recurring)).rejects.toThrow('does not exist.');
    expect([await pipelines().runs.topmost(RUN_ID), await pipelines().recurringRuns.topmost(RECURRING_ID)]).toEqual([null, null]);
  });

  it('is the recurring run that made it, also of what did it once more (safety 5)', async () => {
    holdRecurring(double);
    double.runs.set('made-2', failedRun({ run_id: 'made-2', display_name: CLONE }));
    const topmost = { kind: 'KubeflowRecurringRun', name: RECURRING_ID };
    expect(await pipelines().runs.topmost(RUN_ID)).toEqual(topmost);
    expect(await pipelines().runs.topmost('made-2')).toEqual(topmost);
    double.recurringRuns.clear();
    expect(await pipelines().runs.topmost(RUN_ID)).toEqual({ kind: 'KubeflowRun', name: RUN_ID });
  });

  it('is that its owners keep Paramedic off it, by a word in its description', async () => {
    double.runs.set(RUN_ID, failedRun({ description: 'nightly; paramedic-off until Monday' }));
    expect(await pipelines().runs.optOut(run)).toBe('its description says paramedic-off');
    double.runs.set(RUN_ID, failedRun());
    expect(await pipelines().runs.optOut(run)).toBeNull();
  });
});

describe('a failed pipeline run', () => {
  it('goes on where it failed, once under one key', async () => {
    double.runs.set(RUN_ID, failedRun());
    const evidence = await seen();
    expect(await retry('k1', evidence)).toBe('applied');
    expect(await retry('k1', evidence)).toBe('alreadyApplied');
    expect(writes()).toEqual([{ path: `/apis/v2beta1/runs/${RUN_ID}:retry`, body: null }]);
    expect(double.runs.size).toBe(1);
  });

  it('is not retried by the same act once it has failed again (safety 1)', async () => {
    const kept = failedRun();
    double.runs.set(RUN_ID, kept);
    const evidence = await seen();
    await retry('k1', evidence);
    Object.assign(kept, { state: 'FAILED', finished_at: '2026-03-02T11:20:00Z' });
    kept.state_history.push({ state: 'FAILED', update_time: '2026-03-02T11:20:00Z' });
    expect(await retry('k1', evidence)).toBe('alreadyApplied');
    expect(writes()).toHaveLength(1);
    expect(await retry('k2', await seen())).toBe('applied');
  });

  it('is done anew by one run of its name where the server accepts a retry and does nothing', async () => {
    double.runs.set(RUN_ID, failedRun());
    double.retries = 'nothing';
    const evidence = await seen();
    expect(await retry('k1', evidence)).toBe('applied');
    expect(await retry('k1', evidence)).toBe('alreadyApplied');
    expect(writes()).toEqual([
      { path: `/apis/v2beta1/runs/${RUN_ID}:retry`, body: null },
      {
        path: '/apis/v2beta1/runs',
        body: {
          display_name: CLONE,
          description: `Made by Paramedic, since run ${RUN_ID} failed and did not go on: k1`,
          experiment_id: 'exp-1',
          pipeline_version_reference: { pipeline_id: 'pipeline-1', pipeline_version_id: 'version-7' },
          runtime_config: { parameters: { day: '2026-03-02' }, pipeline_root: 's3://churn/runs' },
          service_account: 'pipeline-runner',
        },
      },
    ]);
    expect((await seen()).runs.map(({ name, isRetry }) => [name, isRetry])).toEqual([
      ['made-2', true],
      [RUN_ID, false],
    ]);
  });

  it.each([
    ['its nodes are kept elsewhere', failing(500, 13, 'Failed to retry: offloaded node status is not supported')],
    ['its nodes were left out', failing(400, 9, 'Run cannot be retried: node status Omitted')],
  ])('is done anew at once where the server says that %s', async (_case, reply) => {
    double.runs.set(RUN_ID, failedRun());
    double.retries = reply;
    expect(await retry('k1', await seen())).toBe('applied');
    expect([...double.runs.values()].map(({ display_name }) => display_name)).toEqual(['churn nightly', CLONE]);
  });

  it('is counted on in the name of what does it anew, and of it again', async () => {
    double.runs.set(RUN_ID, failedRun());
    double.retries = 'nothing';
    await retry('k1', await seen());
    Object.assign(double.runs.get('made-2')!, { state: 'FAILED', finished_at: '2026-03-02T11:40:00Z' });
    await retry('k2', await seen());
    expect(double.runs.get('made-3')?.display_name).toBe(`churn nightly (retry 2 of ${RUN_ID})`);
    expect((await seen()).runs).toHaveLength(3);
  });

  it('is left as it is where another act has done it anew', async () => {
    double.runs.set(RUN_ID, failedRun());
    const evidence = await seen();
    double.runs.set('made-2', failedRun({ run_id: 'made-2', display_name: CLONE, description: 'Made by Paramedic: k0' }));
    await expect(retry('k1', evidence)).rejects.toThrow('done once more by another act: made-2');
    expect(writes()).toEqual([]);
  });

  it('is left as it is where somebody stopped it, or it is gone', async () => {
    double.runs.set(RUN_ID, failedRun());
    const evidence = await seen();
    double.runs.set(RUN_ID, failedRun({ state: 'CANCELED' }));
    await expect(retry('k1', evidence)).rejects.toThrow('was stopped by somebody');
    double.runs.clear();
    await expect(retry('k1', evidence)).rejects.toThrow('does not exist any more');
    expect(writes()).toEqual([]);
  });

  it('is asked about again later where the server says so, and nothing is made meanwhile', async () => {
    double.runs.set(RUN_ID, failedRun());
    double.retries = failing(503, 14, 'try again');
    await expect(retry('k1', await seen())).rejects.toThrow('Kubeflow Pipelines answers 503 gRPC 14');
    expect(double.runs.size).toBe(1);
  });

  it('is only asked about as a dry run, and left when what is looked at before the write says no', async () => {
    double.runs.set(RUN_ID, failedRun());
    const evidence = await seen();
    expect(await retry('dry-run', evidence, { dryRun: true })).toBe('applied');
    const beforeWrite = () => Promise.reject(new Error('It is well.'));
    await expect(retry('k1', evidence, { beforeWrite })).rejects.toThrow('It is well.');
    expect(writes()).toEqual([]);
  });

  it('keeps no schedule of its own, and is made anew only where it does not go on', async () => {
    double.runs.set(RUN_ID, failedRun());
    await expect(pipelines().runs.pause(run, SUSPEND, await seen(), { key: 'k1', ...NOW })).rejects.toThrow('has no schedule');
    const further = { kind: 'furtherRun', from: null, to: { name: 'x', memory: {} } } as const;
    await expect(pipelines().runs.retry(run, further, await seen(), { key: 'k1', ...NOW })).rejects.toThrow('no other is made');
  });
});

describe('a recurring run', () => {
  it('is seen with its runs, and what did its newest once more', async () => {
    holdRecurring(double);
    double.runs.set('made-2', failedRun({ run_id: 'made-2', display_name: CLONE, created_at: '2026-03-02T11:30:00Z' }));
    expect(await pipelines().recurringRuns.observe(recurring)).toMatchObject({
      kind: 'KubeflowRecurringRun',
      schedule: { cron: '0 0 3 * * *', suspendedBy: null, concurrency: 'Forbid', lastMs: Date.parse('2026-03-02T11:00:00Z') },
      runs: [
        { name: 'made-2', isRetry: true },
        { name: RUN_ID, isRetry: false },
      ],
    });
  });

  it('is disabled once, by us as long as we know, and enabled when that is taken back', async () => {
    holdRecurring(double);
    const { recurringRuns } = pipelines();
    const bound = { uid: RECURRING_ID, generation: 1 };
    const scheduleNow = async () => ((await recurringRuns.observe(recurring)) as PipelineEvidence).schedule;
    expect(await recurringRuns.pause(recurring, SUSPEND, bound, { key: 'k1', ...NOW })).toBe('applied');
    expect(await recurringRuns.pause(recurring, SUSPEND, bound, { key: 'k1', ...NOW })).toBe('alreadyApplied');
    expect((await scheduleNow())?.suspendedBy).toBe('paramedic');
    const back = inverse(SUSPEND) as typeof SUSPEND;
    expect(await recurringRuns.pause(recurring, back, bound, { key: 'k1/undo', ...NOW })).toBe('applied');
    expect(await recurringRuns.pause(recurring, back, bound, { key: 'k1/undo', ...NOW })).toBe('alreadyApplied');
    expect(writes().map(({ path }) => path)).toEqual([
      `/apis/v2beta1/recurringruns/${RECURRING_ID}:disable`,
      `/apis/v2beta1/recurringruns/${RECURRING_ID}:enable`,
    ]);
    expect((await scheduleNow())?.suspendedBy).toBeNull();
  });

  it('that somebody else disabled is theirs, and is not enabled', async () => {
    holdRecurring(double);
    double.recurringRuns.set(RECURRING_ID, recurringRun({ status: 'DISABLED' }));
    const { recurringRuns } = pipelines();
    expect(((await recurringRuns.observe(recurring)) as PipelineEvidence).schedule?.suspendedBy).toBe('person');
    const bound = { uid: RECURRING_ID, generation: 1 };
    await expect(recurringRuns.pause(recurring, SUSPEND, bound, { key: 'k1', ...NOW })).rejects.toThrow(
      'disabled already, by somebody else',
    );
    const back = inverse(SUSPEND) as typeof SUSPEND;
    await expect(recurringRuns.pause(recurring, back, bound, { key: 'k1/undo', ...NOW })).rejects.toThrow('disabled by somebody else');
    expect(writes()).toEqual([]);
  });

  it('is only asked about as a dry run, and missed where it is gone', async () => {
    holdRecurring(double);
    const bound = { uid: RECURRING_ID, generation: 1 };
    expect(await pipelines().recurringRuns.pause(recurring, SUSPEND, bound, { key: 'dry-run', dryRun: true })).toBe('applied');
    double.recurringRuns.clear();
    await expect(pipelines().recurringRuns.pause(recurring, SUSPEND, bound, { key: 'k1', ...NOW })).rejects.toThrow('does not exist.');
    expect(writes()).toEqual([]);
  });
});

describe('who we are to Kubeflow Pipelines', () => {
  it('is told by a token that is read anew when it is refused', async () => {
    double.runs.set(RUN_ID, failedRun());
    const path = join(folder, 'token');
    writeFileSync(path, 'first\n');
    double.token = 'first';
    const { runs } = pipelines({ credentials: { kind: 'tokenFile', path } });
    await runs.topmost(RUN_ID);
    writeFileSync(path, 'second\n');
    double.token = 'second';
    expect(await runs.topmost(RUN_ID)).toEqual({ kind: 'KubeflowRun', name: RUN_ID });
  });

  it('cannot be told where the file is missing or empty', async () => {
    const { runs } = pipelines({ credentials: { kind: 'tokenFile', path: join(folder, 'nowhere') } });
    await expect(runs.topmost(RUN_ID)).rejects.toThrow(/Cannot read the token in .*nowhere \(PARAMEDIC_KFP_TOKEN_PATH\): ENOENT\./);
    writeFileSync(join(folder, 'empty'), '\n');
    const empty = pipelines({ credentials: { kind: 'tokenFile', path: join(folder, 'empty') } });
    await expect(empty.runs.topmost(RUN_ID)).rejects.toThrow('is empty; it must hold a token');
  });

  it('is told by a header where something before the server vouches for it', async () => {
    const headers: unknown[] = [];
    const asked = await record((request, sent) => {
      headers.push(sent['kubeflow-userid']);
      return double.answer(request, sent);
    });
    await kubeflowPipelines({ url: asked.url, credentials: { kind: 'user', name: 'paramedic@example.org' } }).runs.topmost(RUN_ID);
    await asked.close();
    expect(headers).toEqual(['paramedic@example.org']);
  });
});

describe('an answer of Kubeflow Pipelines that is not as it should be', () => {
  it('is told by its first field', async () => {
    server.suffer({ kind: 'failing', status: 200, body: { run_id: 3 } });
    await expect(seen()).rejects.toThrow(`Kubeflow Pipelines' answer about run ${RUN_ID} cannot be understood: run_id: `);
  });
});

describe('Kubeflow Pipelines in trouble', () => {
  const secret = 'hush-0123456789abcdef';
  const path = () => join(folder, 'secret');
  beforeAll(() => writeFileSync(path(), secret));
  tellsTroubles({
    server: () => server,
    ask: (answerMsMax) => pipelines({ credentials: { kind: 'tokenFile', path: path() }, answerMsMax }).runs.topmost(RUN_ID),
    system: 'Kubeflow Pipelines',
    credentials: 'PARAMEDIC_KFP_TOKEN_PATH, whose token must be for the audience pipelines.kubeflow.org, or PARAMEDIC_KFP_USER',
    needs: 'get and list on runs of pipelines.kubeflow.org',
    secret,
    failure: (message) => ({ error: message, code: 2, message, details: [] }),
  });
});
