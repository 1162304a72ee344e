import { describe, expect, it } from '@jest/globals';
import * as pytorch from '../../../clients/pipelines/pytorch-jobs.ts';
import * as trainer from '../../../clients/pipelines/train-jobs.ts';

const metadata = {
  name: 'llm',
  uid: 'u1',
  generation: 1,
  creationTimestamp: '2026-03-02T11:00:00Z',
  labels: { 'kueue.x-k8s.io/queue-name': 'gpu' },
};
const ended = (type: string, reason = '', message = '') => ({
  conditions: [{ type, status: 'True', reason, message, lastTransitionTime: '2026-03-02T11:05:00Z' }],
});
const gpus = { limits: { memory: '8Gi', 'nvidia.com/gpu': 2 }, requests: { memory: '8Gi' } };
const more = { limit: '16384Mi', request: '16384Mi' };
const MORE = { limits: { memory: '16384Mi', 'nvidia.com/gpu': 2 }, requests: { memory: '16384Mi' } };
const marks = {
  labels: { 'kueue.x-k8s.io/queue-name': 'gpu', 'paramedic.dev/retry-of-uid': 'u1' },
  annotations: { 'paramedic.dev/retry-of': 'llm', 'paramedic.dev/last-action': 'k1' },
};

describe('a TrainJob', () => {
  const env = [{ name: 'CHECKPOINT_DIR', value: '/checkpoints' }];
  const spec = { runtimeRef: { name: 'torch' }, suspend: false, trainer: { image: 'train:1', numNodes: 2, env, resourcesPerNode: gpus } };
  const seen = (change: object, status: object = {}) =>
    trainer.trainingOf(trainer.trainJobOf({ metadata, spec: { ...spec, ...change }, status }));

  it.each<[string, object, object, object]>([
    ['runs', {}, {}, { state: 'running', endedMs: null }],
    ['is suspended', { suspend: true }, ended('Suspended'), { state: 'suspended' }],
    ['completed', {}, ended('Complete'), { state: 'completed', reason: null }],
    ['failed', {}, ended('Failed', 'DeadlineExceeded', 'too long'), { state: 'failed', reason: 'DeadlineExceeded', message: 'too long' }],
  ])('that %s is told so', (_case, change, status, run) => {
    expect(seen(change, status)).toMatchObject(run);
  });

  it('tells the memory of its nodes where it says so itself, and none of its runtime', () => {
    expect(seen({}).memory).toEqual({ node: { limit: '8Gi', request: '8Gi' } });
    expect(seen({ trainer: { image: 'train:1' } }).memory).toEqual({});
  });

  it('is run once more with all as it was, its checkpoints too, but for the memory', () => {
    const made = trainer.furtherTraining({ metadata, spec }, { name: 'llm-retry-1', memory: { node: more } }, 'k1');
    expect(made.metadata).toEqual({ name: 'llm-retry-1', ...marks });
    expect(made.spec).toEqual({ runtimeRef: { name: 'torch' }, trainer: { image: 'train:1', numNodes: 2, env, resourcesPerNode: MORE } });
    const same = trainer.furtherTraining({ metadata, spec: { runtimeRef: { name: 'torch' } } }, { name: 'r', memory: {} }, 'k1');
    expect(same.spec).toEqual({ runtimeRef: { name: 'torch' } });
  });
});

describe('a PyTorchJob', () => {
  const volumes = [{ name: 'checkpoints', persistentVolumeClaim: { claimName: 'llm' } }];
  const replica = {
    replicas: 1,
    restartPolicy: 'OnFailure',
    template: { spec: { volumes, containers: [{ name: 'pytorch', resources: gpus }] } },
  };
  const spec = { runPolicy: { backoffLimit: 2, suspend: false }, pytorchReplicaSpecs: { Master: replica, Worker: replica } };
  const seen = (change: object, status: object = {}) =>
    pytorch.trainingOf(pytorch.pytorchJobOf({ metadata, spec: { ...spec, ...change }, status }));

  it.each<[string, object, object, object]>([
    ['runs', {}, { replicaStatuses: { Worker: { active: 2 } } }, { state: 'running', active: 2, endedMs: null }],
    ['is suspended', { runPolicy: { suspend: true } }, ended('Suspended'), { state: 'suspended' }],
    ['succeeded', {}, ended('Succeeded'), { state: 'completed' }],
    ['failed', {}, ended('Failed', 'PyTorchJobFailed', 'worker failed'), { state: 'failed', reason: 'PyTorchJobFailed' }],
    [
      'took too long',
      {},
      ended('Failed', 'PyTorchJobFailed', 'Job llm has failed because it was active longer than specified deadline'),
      { state: 'failed', reason: 'DeadlineExceeded' },
    ],
  ])('that %s is told so', (_case, change, status, run) => {
    expect(seen(change, status)).toMatchObject(run);
  });

  it('is run once more with all as it was, its volumes too, but for the memory of what lacked it', () => {
    const made = pytorch.furtherTraining({ metadata, spec }, { name: 'llm-retry-1', memory: { 'worker/pytorch': more } }, 'k1');
    expect(made.metadata).toEqual({ name: 'llm-retry-1', ...marks });
    const worker = { ...replica, template: { spec: { volumes, containers: [{ name: 'pytorch', resources: MORE }] } } };
    expect(made.spec).toEqual({ runPolicy: { backoffLimit: 2 }, pytorchReplicaSpecs: { Master: replica, Worker: worker } });
  });
});
