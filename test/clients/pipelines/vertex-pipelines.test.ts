import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApplyOptions, RetryChange } from '../../../clients/cluster.ts';
import { Refused, TargetChanged, TargetGone } from '../../../clients/failures.ts';
import { vertexPipelines } from '../../../clients/pipelines/vertex-pipelines.ts';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { healthOf } from '../../../diagnosis/health.ts';
import { inverse } from '../../../incident/change.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import { retryRun } from '../../../remedies/retry-run.ts';
import { accessTo, googleFailure, TOKEN } from '../../vendors/google.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { tellsTroubles } from '../../vendors/troubles.ts';
import { vertexDouble } from '../../vendors/vertex/double.ts';
import { madeJob, momentOf, type VertexDouble } from '../../vendors/vertex/held.ts';

const target = { cluster: 'test', namespace: 'vertex-ai', kind: 'VertexPipelineJob', name: 'train-1' } as const;
const BOUND = { uid: 'projects/ml-prod/locations/europe-west4/pipelineJobs/train-1#2026-02-01T00:00:00Z', generation: 1 };
const PAUSE = { kind: 'schedule', from: 'active', to: 'suspended' } as const;
const RESUME = { kind: 'schedule', from: 'suspended', to: 'active' } as const;

let double: VertexDouble;
let server: Recorder;
/** One process of ours. */
let client: ReturnType<typeof vertexPipelines>;
beforeAll(async () => {
  server = await record((request, headers) => double.answer(request, headers));
});
afterAll(() => server.close());
beforeEach(() => {
  double = vertexDouble();
  client = vertexPipelines(accessTo(server.url));
  server.suffer(null);
  server.begin();
});

const see = (name = 'train-1') => client.observe({ ...target, name });
const held = (name = 'train-1') => double.jobs.get(name)!;
const act = (options: Partial<ApplyOptions> = {}): ApplyOptions => ({ key: 'k1', dryRun: false, ...options });
const retry = (change: RetryChange, options: Partial<ApplyOptions> = {}) => client.retry(target, change, BOUND, act(options));
const pause = (change: typeof PAUSE | typeof RESUME, options: Partial<ApplyOptions> = {}) =>
  client.pause(target, change, BOUND, act(options));
const writes = () => [...server.steps.values()].flat().filter(({ method }) => method !== 'GET');
const isWrite = ({ method }: { method: string }) => method === 'POST';

async function planned(name = 'train-1') {
  const plan = retryRun(await see(name));
  if (plan.kind === 'unusable' || plan.change.kind !== 'furtherRun') throw new Error('It cannot be planned.');
  return plan.change;
}

describe('a pipeline job of Vertex AI', () => {
  it('is seen with what its failed steps said, by which its failure is known to pass', async () => {
    const seen = await see();
    expect(seen).toMatchObject({
      uid: BOUND.uid,
      retriedBy: 'furtherRun',
      schedule: { cron: '0 3 * * *', suspendedBy: null, lastMs: Date.parse('2026-01-31T03:00:00Z') },
      runs: [
        {
          name: 'train-1',
          state: 'failed',
          reason: 'Failed',
          message: 'fit: connection reset by peer\nThe DAG failed because some tasks failed.',
          succeeded: 1,
          failed: 1,
          endedMs: Date.parse('2026-02-01T01:00:00Z'),
        },
      ],
    });
    expect(diagnose(seen, QUIET_CONTEXT).cause).toBe('transient');
  });

  it.each([
    ['PIPELINE_STATE_PENDING', 'running'],
    ['PIPELINE_STATE_CANCELLING', 'running'],
    ['PIPELINE_STATE_PAUSED', 'suspended'],
    ['PIPELINE_STATE_CANCELLED', 'stopped'],
    ['PIPELINE_STATE_SUCCEEDED', 'completed'],
  ])('that is %s is %s', async (state, is) => {
    held().state = state;
    expect((await see()).runs[0]?.state).toBe(is);
  });

  it('is not told where its state is not known', async () => {
    held().state = 'PIPELINE_STATE_DREAMING';
    await expect(see()).rejects.toThrow(
      'Cannot tell how pipeline job train-1 stands: its state PIPELINE_STATE_DREAMING is not known here.',
    );
  });

  it.each([
    ['memory-limit-too-low', { code: 9, message: 'The replica workerpool0-0 ran out-of-memory and exited with a non-zero status of 137.' }],
    ['deadline-exceeded', { code: 4, message: 'The job ran for too long.' }],
    ['credential-expired', { code: 7, message: 'Permission denied: the service account may not read gs://data.' }],
    ['bad-input', { code: 5, message: 'gs://data/churn.csv: file not found' }],
    ['code-error', { code: 3, message: 'Traceback (most recent call last):\nKeyError: churned' }],
  ])('is diagnosed by what it says: %s', async (cause, error) => {
    Object.assign(held(), { error, jobDetail: {} });
    expect(diagnose(await see(), QUIET_CONTEXT).cause).toBe(cause);
  });

  it('is gone where it does not exist, and is nobody’s target then', async () => {
    await expect(see('x')).rejects.toThrow(new TargetGone('Vertex AI has no pipeline job x.'));
    expect(await client.topmost('x')).toBeNull();
  });

  it('opts out by a label', async () => {
    expect(await client.optOut(target)).toBeNull();
    held().labels = { paramedic: 'off' };
    expect(await client.optOut(target)).toBe('the label paramedic=off');
  });
});

describe('a retry of a pipeline job', () => {
  it('is a job of its own, with the same template, parameters and labels, once (safety 1)', async () => {
    const change = await planned();
    expect(await retry(change, { dryRun: true })).toBe('applied');
    expect(writes()).toEqual([]);
    expect(await retry(change)).toBe('applied');
    expect(writes()).toMatchObject([{ method: 'POST', query: { pipelineJobId: 'train-1-retry-1' } }]);
    expect(writes()[0]?.body).toEqual({
      displayName: 'train',
      templateUri: 'https://europe-west4-kfp.pkg.dev/ml-prod/pipelines/train/v3',
      runtimeConfig: { gcsOutputDirectory: 'gs://pipelines/out', parameterValues: { rate: 0.1 } },
      serviceAccount: 'trainer@ml-prod.iam.gserviceaccount.com',
      labels: { team: 'ml', paramedic_retry_of: 'train-1', paramedic_act: expect.stringMatching(/^paramedic-[0-9a-f]{20}$/) },
    });
    expect(await retry(change)).toBe('alreadyApplied');
    expect(writes()).toHaveLength(1);
    expect((await see()).runs.map(({ name, state, isRetry }) => [name, state, isRetry])).toEqual([
      ['train-1-retry-1', 'running', true],
      ['train-1', 'failed', false],
    ]);
    expect(await client.topmost('train-1-retry-1')).toEqual({ kind: 'VertexPipelineJob', name: 'train-1' });
  });

  it('heals it once it has completed', async () => {
    await retry(await planned());
    held('train-1-retry-1').state = 'PIPELINE_STATE_SUCCEEDED';
    expect(healthOf(await see()).kind).toBe('recovered');
  });

  it('has the next number once another failed', async () => {
    await retry(await planned());
    held('train-1-retry-1').state = 'PIPELINE_STATE_FAILED';
    expect((await planned()).to?.name).toBe('train-1-retry-2');
  });

  it('finds its job again by a name that is too long for a label', async () => {
    const name = `${'a-long-name-of-a-pipeline-'.repeat(4)}20260201000000`;
    double.jobs.set(name, madeJob(name, momentOf(0), { state: 'PIPELINE_STATE_FAILED' }));
    const change = await planned(name);
    expect(change.to?.name).toBe(`${name}-retry-1`);
    await client.retry({ ...target, name }, change, { ...BOUND, uid: (await see(name)).uid }, act());
    expect(writes()[0]?.body).toMatchObject({ labels: { paramedic_retry_of: expect.stringMatching(/^paramedic-[0-9a-f]{20}$/) } });
    expect((await see(name)).runs).toHaveLength(2);
    expect(await client.topmost(`${name}-retry-1`)).toEqual({ kind: 'VertexPipelineJob', name });
  });

  it('is not made by two acts under one name', async () => {
    const change = await planned();
    await retry(change);
    await expect(retry(change, { key: 'k2' })).rejects.toThrow(
      new TargetChanged('A pipeline job train-1-retry-1 is there already, made by somebody else.'),
    );
    expect(writes()).toHaveLength(1);
  });

  it('is its own where it was not to be seen when it was looked for, and another’s where that is', async () => {
    const change = await planned();
    const beforeWrite = async () => {
      await retry(change);
    };
    expect(await retry(change, { beforeWrite })).toBe('alreadyApplied');
    double.jobs.delete('train-1-retry-1');
    const another = async () => {
      double.jobs.set('train-1-retry-1', madeJob('train-1-retry-1', momentOf(9), {}));
    };
    await expect(retry(change, { beforeWrite: another })).rejects.toThrow('made by somebody else');
  });

  it('is not made of a job that has not failed any more, or was made anew, or where that is forbidden before the write', async () => {
    const change = await planned();
    held().state = 'PIPELINE_STATE_RUNNING';
    await expect(retry(change)).rejects.toThrow(
      new TargetChanged('Pipeline job train-1 is PIPELINE_STATE_RUNNING: it has not failed any more.'),
    );
    held().state = 'PIPELINE_STATE_FAILED';
    await expect(retry(change, { beforeWrite: () => Promise.reject(new TargetChanged('void')) })).rejects.toThrow('void');
    held().createTime = momentOf(5);
    await expect(retry(change)).rejects.toThrow(
      new TargetChanged('Pipeline job train-1 was deleted and made anew since it was looked at.'),
    );
    expect(writes()).toEqual([]);
  });

  it('is cancelled while it runs, and only by the act that made it (safety 17)', async () => {
    const change = await planned();
    await retry(change);
    const back = inverse(change) as RetryChange;
    await expect(retry(back, { key: 'k2/undo' })).rejects.toThrow('made by somebody else');
    expect(await retry(back, { key: 'k1/undo', dryRun: true })).toBe('applied');
    expect(held('train-1-retry-1').state).toBe('PIPELINE_STATE_RUNNING');
    expect(await retry(back, { key: 'k1/undo' })).toBe('applied');
    expect(held('train-1-retry-1').state).toBe('PIPELINE_STATE_CANCELLING');
    expect(await retry(back, { key: 'k1/undo' })).toBe('alreadyApplied');
    held('train-1-retry-1').state = 'PIPELINE_STATE_SUCCEEDED';
    await expect(retry(back, { key: 'k1/undo' })).rejects.toThrow(
      new TargetChanged('Pipeline job train-1-retry-1 has ended, and is kept with what it says.'),
    );
    double.jobs.delete('train-1-retry-1');
    expect(await retry(back, { key: 'k1/undo' })).toBe('alreadyApplied');
  });

  it('is neither the same job going on, nor one with more memory', async () => {
    await expect(retry({ kind: 'sameRun', run: { name: 'train-1', tries: 1 } })).rejects.toThrow(
      new Refused('Pipeline job train-1 does not go on once it has failed; it can only be run anew.'),
    );
    const memory = { main: { limit: '2Gi', request: null } };
    await expect(retry({ kind: 'furtherRun', from: null, to: { name: 'train-1-retry-1', memory } })).rejects.toThrow(
      new Refused('Cannot give pipeline job train-1 more memory: how much a step has is written in its template.'),
    );
  });

  it('is refused with the permission that is missing, and put off where a quota is used up', async () => {
    const change = await planned();
    server.suffer({ kind: 'failing', status: 403, body: {} }, isWrite);
    await expect(retry(change)).rejects.toThrow(
      'Vertex AI does not allow it: aiplatform.pipelineJobs.create, or iam.serviceAccounts.actAs on the account that it runs as, is missing.',
    );
    server.suffer({ ...googleFailure(409, 'ABORTED', 'busy'), kind: 'failing', status: 409 }, isWrite);
    await expect(retry(change)).rejects.toThrow(new TargetChanged('Pipeline job train-1-retry-1 cannot be made just now: busy'));
  });
});

describe('the schedule of a pipeline job', () => {
  it('is paused once, which is known to be ours, and let go on', async () => {
    expect(await pause(PAUSE, { dryRun: true })).toBe('applied');
    expect(writes()).toEqual([]);
    expect(await pause(PAUSE)).toBe('applied');
    expect((await see()).schedule?.suspendedBy).toBe('paramedic');
    expect(await pause(PAUSE)).toBe('alreadyApplied');
    expect(await pause(RESUME, { key: 'k1/undo' })).toBe('applied');
    expect(await pause(RESUME, { key: 'k1/undo' })).toBe('alreadyApplied');
    expect(writes().map(({ path }) => path.split(':')[1])).toEqual(['pause', 'resume']);
  });

  it('is not let go on where a person paused it, before or since (safety 26)', async () => {
    const paused = new TargetChanged('projects/ml-prod/locations/europe-west4/schedules/s1 was paused by somebody else.');
    await pause(PAUSE);
    double.schedule.lastPauseTime = momentOf(60);
    expect((await see()).schedule?.suspendedBy).toBe('person');
    await expect(pause(RESUME)).rejects.toThrow(paused);
    await expect(pause(PAUSE)).rejects.toThrow('is paused already, by somebody else');
    expect(writes()).toHaveLength(1);
  });

  it('counts as paused by a person once another process looks', async () => {
    await pause(PAUSE);
    client = vertexPipelines(accessTo(server.url));
    expect((await see()).schedule?.suspendedBy).toBe('person');
    await expect(pause(RESUME)).rejects.toThrow(TargetChanged);
  });

  it('is none where no schedule starts the job, or it has come to its end', async () => {
    const none = new Refused('The pipeline job is started by no schedule of Vertex AI, so that there is none to pause or resume.');
    double.schedule.state = 'COMPLETED';
    expect((await see()).schedule).toBeNull();
    await expect(pause(PAUSE)).rejects.toThrow(none);
    held().scheduleName = 'projects/ml-prod/locations/europe-west4/schedules/s9';
    expect((await see()).schedule).toBeNull();
    await expect(pause(PAUSE)).rejects.toThrow(none);
    delete held().scheduleName;
    expect((await see()).schedule).toBeNull();
    await expect(pause(PAUSE)).rejects.toThrow(none);
    expect(writes()).toEqual([]);
  });

  it('is refused with the permission that is missing', async () => {
    server.suffer({ kind: 'failing', status: 403, body: {} }, isWrite);
    await expect(pause(PAUSE)).rejects.toThrow('Vertex AI does not allow it: aiplatform.schedules.pause is missing.');
  });
});

describe('pipeline jobs of Vertex AI in trouble', () => {
  tellsTroubles({
    server: () => server,
    ask: (answerMsMax) => vertexPipelines(accessTo(server.url, { answerMsMax })).observe(target),
    system: 'Vertex AI',
    credentials: 'GOOGLE_APPLICATION_CREDENTIALS',
    needs: 'aiplatform.pipelineJobs.get',
    secret: TOKEN,
    failure: (message) => ({ error: { code: 400, status: 'X', message } }),
  });
});
