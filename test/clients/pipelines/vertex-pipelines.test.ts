import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused, TargetChanged, TargetGone } from '../../../clients/failures.ts';
import { vertexPipelines } from '../../../clients/pipelines/vertex-pipelines.ts';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { healthOf } from '../../../diagnosis/health.ts';
import { type Change, inverse } from '../../../incident/change.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import type { PipelineEvidence } from '../../../incident/pipeline.ts';
import { retryRun } from '../../../remedies/retry-run.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { type VertexDouble, vertexDouble, WHERE } from '../../vendors/vertex/double.ts';

const target = { cluster: 'test', namespace: 'vertex-ai', kind: 'VertexPipelineJob', name: 'train-1' } as const;
const ACT = { key: 'k1', dryRun: false };
const PAUSE = { kind: 'schedule', from: 'active', to: 'suspended' } as const;

let double: VertexDouble;
let server: Recorder;

beforeEach(async () => {
  double = vertexDouble();
  server = await record(double.answer);
});

afterEach(() => server.close());

function pipelines() {
  const access = { ...WHERE, url: server.url, authorize: async (refused: boolean) => (refused ? null : { authorization: 'Bearer t' }) };
  return vertexPipelines(access) as Extract<ReturnType<typeof vertexPipelines>, { is: 'pipeline' }>;
}

const see = () => pipelines().observe(target) as Promise<PipelineEvidence>;
const writes = () => [...server.steps.values()].flat().filter(({ method }) => method !== 'GET');

async function planned() {
  const seen = await see();
  const plan = retryRun(seen);
  if (plan.kind === 'unusable' || plan.change.kind !== 'furtherRun') throw new Error('It cannot be planned.');
  return { change: plan.change, seen };
}

describe('a pipeline job of Vertex AI', () => {
  it('is seen with what its failed steps said, by which its failure is known to pass', async () => {
    const seen = await see();
    expect(seen).toMatchObject({
      retriedBy: 'furtherRun',
      schedule: { cron: '0 3 * * *', suspendedBy: null },
      runs: [
        {
          name: 'train-1',
          state: 'failed',
          reason: 'FAILED',
          message: 'fit: connection reset by peer\nThe DAG failed because some tasks failed.',
        },
      ],
    });
    expect(diagnose(seen, QUIET_CONTEXT).cause).toBe('transient');
  });

  it('is run once more as a job of its own, with the same template and parameters, once (safety 1)', async () => {
    const { change, seen } = await planned();
    expect(await pipelines().retry(target, change, seen, { ...ACT, dryRun: true })).toBe('applied');
    expect(writes()).toEqual([]);
    expect(await pipelines().retry(target, change, seen, ACT)).toBe('applied');
    expect(writes()).toMatchObject([
      {
        method: 'POST',
        query: { pipelineJobId: 'train-1-retry-1' },
        body: {
          templateUri: expect.stringContaining('/train/v3'),
          runtimeConfig: { parameterValues: { rate: 0.1 } },
          labels: { 'paramedic-retry-of': 'train-1' },
        },
      },
    ]);
    expect(await pipelines().retry(target, change, seen, ACT)).toBe('alreadyApplied');
    expect(writes()).toHaveLength(1);
    expect((await see()).runs.map(({ name, state, isRetry }) => [name, state, isRetry])).toEqual([
      ['train-1-retry-1', 'running', true],
      ['train-1', 'failed', false],
    ]);
    expect(await pipelines().topmost('train-1-retry-1')).toEqual({ kind: 'VertexPipelineJob', name: 'train-1' });
  });

  it('is well once its retry has completed', async () => {
    const { change, seen } = await planned();
    await pipelines().retry(target, change, seen, ACT);
    double.jobs.get('train-1-retry-1')!.state = 'PIPELINE_STATE_SUCCEEDED';
    expect(healthOf(await see()).kind).toBe('recovered');
  });

  it('is not run by two acts under one name', async () => {
    const { change, seen } = await planned();
    await pipelines().retry(target, change, seen, ACT);
    await expect(pipelines().retry(target, change, seen, { ...ACT, key: 'k2' })).rejects.toThrow(
      'A pipeline job train-1-retry-1 is there already, made by somebody else.',
    );
    expect(writes()).toHaveLength(1);
  });

  it('has a retry that does not help taken back while it runs, and kept once it has ended (safety 17)', async () => {
    const { change, seen } = await planned();
    await pipelines().retry(target, change, seen, ACT);
    const back = inverse(change) as Extract<Change, { kind: 'furtherRun' }>;
    const undo = { key: 'k1/undo', dryRun: false };
    expect(await pipelines().retry(target, back, seen, undo)).toBe('applied');
    expect(double.jobs.get('train-1-retry-1')!.state).toBe('PIPELINE_STATE_CANCELLED');
    await expect(pipelines().retry(target, back, seen, undo)).rejects.toThrow(TargetChanged);
  });

  it('is known to want memory by what its steps said', async () => {
    double.jobs.get('train-1')!.error = {
      message: 'The replica workerpool0-0 ran out-of-memory and exited with a non-zero status of 137.',
    };
    expect((await see()).runs[0]?.outOfMemory).toBe(true);
  });

  it('has its schedule paused once, and let go on', async () => {
    const seen = await see();
    expect(await pipelines().pause(target, PAUSE, seen, ACT)).toBe('applied');
    expect((await see()).schedule?.suspendedBy).toBe('person');
    expect(await pipelines().pause(target, PAUSE, seen, ACT)).toBe('alreadyApplied');
    expect(await pipelines().pause(target, { ...PAUSE, from: 'suspended', to: 'active' }, seen, ACT)).toBe('applied');
    expect(writes().map(({ path }) => path.split(':')[1])).toEqual(['pause', 'resume']);
  });

  it('refuses to pause what no schedule starts', async () => {
    delete double.jobs.get('train-1')!.scheduleName;
    await expect(pipelines().pause(target, PAUSE, await see(), ACT)).rejects.toThrow(
      new Refused('The Vertex AI pipeline job train-1 is started by no schedule of Vertex AI that could be paused.'),
    );
  });

  it('is gone where it does not exist, and names the permission that is missing', async () => {
    await expect(pipelines().observe({ ...target, name: 'x' })).rejects.toThrow(TargetGone);
    const { change, seen } = await planned();
    server.suffer({ kind: 'failing', status: 403, body: {} }, ({ method }) => method === 'POST');
    await expect(pipelines().retry(target, change, seen, ACT)).rejects.toThrow(
      /aiplatform\.pipelineJobs\.create, and iam\.serviceAccounts\.actAs/,
    );
  });
});
