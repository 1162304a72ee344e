import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { TargetChanged, TargetGone } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import type { Target } from '../../incident/target.ts';
import { until } from '../until.ts';
import { openRealCluster, type RealCluster } from './real-cluster.ts';

const NAMESPACE = 'quality';
const target: Target = { cluster: 'local', namespace: NAMESPACE, kind: 'InferenceService', name: 'churn' };
const NOT_BOUND = { uid: '', generation: null };
jest.setTimeout(120_000);

let real: RealCluster;
let cluster: Cluster;
let batch: BatchV1Api;

beforeAll(async () => {
  real = await openRealCluster();
  cluster = kubernetesCluster(real.ours, NO_SYSTEMS);
  batch = real.admin.makeApiClient(BatchV1Api);
  await real.admin.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: NAMESPACE } } });
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

const podSpec = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'trainer:1' }] };

async function cronJob(name: string, suspend = true): Promise<string> {
  const template = { metadata: { labels: { app: name } }, spec: { backoffLimit: 0, template: { spec: podSpec } } };
  const body = { metadata: { name }, spec: { schedule: '0 3 * * *', suspend, jobTemplate: template } };
  return (await batch.createNamespacedCronJob({ namespace: NAMESPACE, body })).metadata!.uid!;
}

describe('what stands around a complaint about data', () => {
  it('is told piece by piece, and what cannot be read says so', async () => {
    await cronJob('features');
    const read = await cluster.readQuality(target, { cronJob: 'nothing', query: 'up' });
    expect(read).toMatchObject({
      history: { kind: 'unreadable' },
      upstream: { kind: 'read', value: [{ what: 'CronJob/features', fault: 'is suspended since it last ran', atMs: null }] },
      training: { kind: 'unreadable', reason: 'CronJob quality/nothing does not exist.' },
      trend: null,
    });
  });
});

describe('a training that a person decides on', () => {
  it('is one Job of exactly this CronJob’s template, however often it is asked for', async () => {
    const uid = await cronJob('train');
    expect((await cluster.readQuality(target, { cronJob: 'train', query: null })).training).toEqual({
      kind: 'read',
      value: { name: 'train', uid, isRunning: false },
    });
    const change = { kind: 'training' as const, cronJob: 'train', uid };
    const jobs = async () => (await batch.listNamespacedJob({ namespace: NAMESPACE, labelSelector: 'app=train' })).items;
    expect(await cluster.apply(target, change, NOT_BOUND, { key: 'dry-run', dryRun: true })).toBe('applied');
    expect(await jobs()).toEqual([]);
    expect(await cluster.apply(target, change, NOT_BOUND, { key: 'k1', dryRun: false })).toBe('applied');
    expect(await cluster.apply(target, change, NOT_BOUND, { key: 'k1', dryRun: false })).toBe('alreadyApplied');
    const [job, ...others] = await jobs();
    expect(others).toEqual([]);
    expect(job?.metadata?.ownerReferences).toMatchObject([{ kind: 'CronJob', name: 'train', uid, controller: true }]);
    expect(job?.spec?.template.spec?.containers).toMatchObject([{ image: 'trainer:1' }]);
    await until('it is seen to run', async () => (await cluster.seeBeside(target, change, 'k1')).kind === 'recovered');
    expect(await cluster.seeBeside(target, change, 'k2')).toMatchObject({
      kind: 'notRecovered',
      seen: expect.stringContaining('there is no Job'),
    });
  });

  it('is not started for a CronJob that was made anew or is gone, nor where what comes before the write refuses', async () => {
    const uid = await cronJob('other');
    const start = (change: object, beforeWrite?: () => Promise<void>) =>
      cluster.apply(target, { kind: 'training', cronJob: 'other', uid, ...change }, NOT_BOUND, {
        ...{ key: 'k3', dryRun: false },
        ...(beforeWrite ? { beforeWrite } : {}),
      });
    await expect(start({ uid: 'another' })).rejects.toThrow(TargetChanged);
    await expect(start({ cronJob: 'gone' })).rejects.toThrow(TargetGone);
    await expect(start({}, () => Promise.reject(new Error('not now')))).rejects.toThrow('not now');
    expect((await batch.listNamespacedJob({ namespace: NAMESPACE, labelSelector: 'app=other' })).items).toEqual([]);
  });
});
