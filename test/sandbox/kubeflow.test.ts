import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { bringUp, type Sandbox } from '../../sandbox/sandbox.ts';
import { until } from '../until.ts';
import { customObjects } from './custom-objects.ts';

const NAMESPACE = 'default';
const SUCCEEDS = { 'sandbox.paramedic.dev/completes-after-seconds': '1' };

let folder: string;
let sandbox: Sandbox;
let config: KubeConfig;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-kubeflow-'));
  sandbox = await bringUp({
    dataDir: folder,
    include: ['trainer', 'training-operator'],
    without: ['temporal', 'mlflow', 'kserve', 'kube-state-metrics', 'alertmanager', 'prometheus'],
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  config = new KubeConfig();
  config.loadFromFile(sandbox.addresses.kubeconfigPath);
}, 3_600_000);

afterAll(async () => {
  await sandbox?.down();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function pods(labelSelector: string): Promise<number> {
  return (await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: NAMESPACE, labelSelector })).items.length;
}

describe('Kubeflow Trainer', () => {
  it('makes a JobSet of a TrainJob, whose pods run to their end', async () => {
    const template = {
      metadata: { labels: { 'trainer.kubeflow.org/trainjob-ancestor-step': 'trainer' } },
      spec: { template: { metadata: { annotations: SUCCEEDS }, spec: { containers: [{ name: 'node', image: 'train:1' }] } } },
    };
    await customObjects(config, 'trainer.kubeflow.org', 'v1alpha1', 'ClusterTrainingRuntime').createForAll(
      'plain',
      // Trainer asks for it.
      { 'trainer.kubeflow.org/framework': 'torch' },
      { mlPolicy: { numNodes: 1 }, template: { spec: { replicatedJobs: [{ name: 'node', template }] } } },
    );
    const jobs = customObjects(config, 'trainer.kubeflow.org', 'v1alpha1', 'TrainJob');
    await jobs.create('fit', { runtimeRef: { name: 'plain' } });
    await until('there is a JobSet', () => customObjects(config, 'jobset.x-k8s.io', 'v1alpha2', 'JobSet').has('fit'));
    await until('the TrainJob is complete', () => jobs.holds('fit', 'Complete'));
    expect(await jobs.holds('fit', 'Failed')).toBe(false);
  }, 150_000);
});

describe('the training operator', () => {
  it('makes pods of a PyTorchJob, and says that it succeeded when they did', async () => {
    const template = { metadata: { annotations: SUCCEEDS }, spec: { containers: [{ name: 'pytorch', image: 'train:1' }] } };
    const jobs = customObjects(config, 'kubeflow.org', 'v1', 'PyTorchJob');
    await jobs.create('torch', { pytorchReplicaSpecs: { Master: { replicas: 1, restartPolicy: 'OnFailure', template } } });
    await until('it has a pod', async () => (await pods('training.kubeflow.org/job-name=torch')) === 1);
    await until('it succeeded', () => jobs.holds('torch', 'Succeeded'));
    expect(await jobs.holds('torch', 'Failed')).toBe(false);
  }, 150_000);
});
