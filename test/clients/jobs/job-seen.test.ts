import { describe, expect, it } from '@jest/globals';
import type { CoreV1Api, V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import { jobPod, jobRun } from '../../../clients/kubernetes/jobs/job-seen.ts';
import { lastLog } from '../../../clients/kubernetes/jobs/last-log.ts';

const NO_ZONES = new Map<string, string>();
const status = (exitCode: number, message?: string): V1ContainerStatus => ({
  name: 'main',
  image: '',
  imageID: '',
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode, reason: 'Error', ...(message ? { message } : {}) } },
});
const pod = (change: V1Pod['status'] = {}): V1Pod => ({
  metadata: { name: 'train-x1', namespace: 'ml', uid: 'u1' },
  spec: { containers: [{ name: 'main' }] },
  status: { phase: 'Failed', containerStatuses: [status(1)], ...change },
});
const disruptedBy = (reason: string) => [{ type: 'DisruptionTarget', status: 'True', reason }];
const seen = (change: V1Pod['status']) => jobPod(pod(change), NO_ZONES);

describe('what is read of a pod of a run', () => {
  it.each<[string, V1Pod['status'], string]>([
    ['evicted', { reason: 'Evicted', message: 'The node was low on resource: memory.' }, 'Evicted'],
    ['pre-empted', { conditions: disruptedBy('PreemptionByScheduler') }, 'PreemptionByScheduler'],
    ['on a node that was lost', { conditions: disruptedBy('DeletionByTaintManager') }, 'DeletionByTaintManager'],
    ['on a node that shut down', { reason: 'Terminated' }, 'Terminated'],
  ])('tells that it was %s', (_case, change, disruption) => {
    expect(seen(change).disruption).toBe(disruption);
  });

  it.each<[string, V1Pod['status']]>([
    ['it failed by itself', {}],
    ['its Job’s deadline ended it', { reason: 'DeadlineExceeded' }],
    [
      'it was evicted for the disk it used itself',
      { reason: 'Evicted', message: 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.' },
    ],
    [
      'its condition says that it was not',
      { conditions: [{ type: 'DisruptionTarget', status: 'False', reason: 'EvictionByEvictionAPI' }] },
    ],
  ])('blames nobody else where %s', (_case, change) => {
    expect(seen(change).disruption).toBeNull();
  });

  it('keeps the end of what its failing container said, with secrets struck out (safety 34)', () => {
    const said = seen({ containerStatuses: [status(0, 'fine'), status(1, `${'a'.repeat(2_000)} password=hunter2hunter2 KeyError`)] }).said;
    expect(said).toMatch(/^a+ password=\[redacted\] KeyError$/);
    expect(said).toHaveLength(600);
  });

  it('says nothing for one that ended well', () => {
    expect(seen({ containerStatuses: [status(0, 'fine')] }).said).toBeNull();
  });
});

describe('what is read of a Job', () => {
  const job = (change: V1Job['status'], spec: Partial<V1Job['spec']> = {}): V1Job => ({
    metadata: { name: 'train' },
    spec: { template: {}, ...spec },
    status: change ?? {},
  });
  const condition = (type: string, is = 'True') => ({
    type,
    status: is,
    reason: 'BackoffLimitExceeded',
    message: 'too often, token=abcdefgh1',
  });

  it('is how it stands, by its conditions alone', () => {
    expect(jobRun(job({ conditions: [condition('FailureTarget'), condition('Failed')] }))).toMatchObject({
      state: 'failed',
      reason: 'BackoffLimitExceeded',
      message: 'too often, token=[redacted]',
    });
    expect(jobRun(job({ conditions: [condition('Complete')] })).state).toBe('completed');
    expect(jobRun(job({ conditions: [condition('FailureTarget')], failed: 1 })).state).toBe('running');
    expect(jobRun(job({ conditions: [condition('Failed', 'False')] })).state).toBe('running');
    expect(jobRun(job({}, { suspend: true })).state).toBe('suspended');
  });
});

describe('the last log of a failed pod', () => {
  const core = (answer: () => Promise<string>) => ({ readNamespacedPodLog: answer }) as unknown as CoreV1Api;

  it('is its end, with secrets struck out (safety 34)', async () => {
    expect(
      await lastLog(
        core(async () => 'epoch 1\nKeyError: api_key=verysecretkey'),
        pod(),
      ),
    ).toBe('epoch 1\nKeyError: api_key=[redacted]');
  });

  it('is nothing where it cannot be read, or nothing failed', async () => {
    expect(
      await lastLog(
        core(() => Promise.reject(new Error('no such node'))),
        pod(),
      ),
    ).toBeNull();
    expect(
      await lastLog(
        core(async () => 'fine'),
        pod({ containerStatuses: [status(0)] }),
      ),
    ).toBeNull();
    expect(
      await lastLog(
        core(async () => '\n'),
        pod(),
      ),
    ).toBeNull();
  });
});
