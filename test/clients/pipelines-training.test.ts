import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CoreV1Api, CustomObjectsApi, type V1PodTemplateSpec } from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { TargetChanged, TargetGone } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { JOB_SETS, PYTORCH_JOBS, TRAIN_JOBS } from '../../clients/pipelines/object-types.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { healthOf } from '../../diagnosis/health.ts';
import { type Change, inverse } from '../../incident/change.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { PipelineEvidence } from '../../incident/pipeline.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { remedyLimits } from '../remedy-limits.ts';
import { until } from '../until.ts';
import { openRealCluster, type RealCluster } from './real-cluster.ts';

const NAMESPACE = 'training';
/** Killed at what it has first, and done once it has twice as much. */
const LACKS_MEMORY = { 'sandbox.paramedic.dev/needs-mi': '100', 'sandbox.paramedic.dev/completes-after-seconds': '1' };
const RUNS_ON = { 'sandbox.paramedic.dev/needs-mi': '100' };
const SIZE = { limits: { memory: '64Mi' }, requests: { memory: '64Mi' } };
const SIZE_TWICE = { limits: { memory: '128Mi' }, requests: { memory: '128Mi' } };
jest.setTimeout(600_000);

let real: RealCluster;
let core: CoreV1Api;
let objects: CustomObjectsApi;
let cluster: Cluster;

beforeAll(async () => {
  real = await openRealCluster('jobset', 'trainer', 'training-operator');
  core = real.admin.makeApiClient(CoreV1Api);
  objects = real.admin.makeApiClient(CustomObjectsApi);
  cluster = kubernetesCluster(real.ours, NO_SYSTEMS);
  await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
  await holdRuntime('lacks-memory', LACKS_MEMORY);
  await holdRuntime('runs-on', RUNS_ON);
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

const podsThat = (name: string, annotations: Readonly<Record<string, string>>, resources?: object): V1PodTemplateSpec => ({
  metadata: { annotations },
  spec: { restartPolicy: 'Never', containers: [{ name, image: 'train:1', ...(resources ? { resources } : {}) }] },
});

/** What people choose for their TrainJobs: its JobSet begins anew once by itself. */
async function holdRuntime(name: string, annotations: Readonly<Record<string, string>>): Promise<void> {
  const job = {
    metadata: { labels: { 'trainer.kubeflow.org/trainjob-ancestor-step': 'trainer' } },
    spec: { backoffLimit: 0, template: podsThat('node', annotations) },
  };
  const body = {
    apiVersion: 'trainer.kubeflow.org/v1alpha1',
    kind: 'ClusterTrainingRuntime',
    metadata: { name, labels: { 'trainer.kubeflow.org/framework': 'torch' } },
    spec: {
      mlPolicy: { numNodes: 1 },
      template: { spec: { failurePolicy: { maxRestarts: 1 }, replicatedJobs: [{ name: 'node', template: job }] } },
    },
  };
  await objects.createClusterCustomObject({ ...TRAIN_JOBS, plural: 'clustertrainingruntimes', body });
}

const KINDS = {
  TrainJob: {
    type: TRAIN_JOBS,
    api: 'trainer.kubeflow.org/v1alpha1',
    container: 'node',
    spec: (lacksMemory: boolean) => ({
      runtimeRef: { name: lacksMemory ? 'lacks-memory' : 'runs-on' },
      trainer: { image: 'train:2', numNodes: 1, env: [{ name: 'CHECKPOINT_DIR', value: '/checkpoints' }], resourcesPerNode: SIZE },
      // What it gives its pods beside that is to be kept.
      podTemplateOverrides: [{ targetJobs: [{ name: 'node' }], spec: { tolerations: [{ key: 'spot', operator: 'Exists' }] } }],
    }),
    tries: 2,
    owners: ['Job', 'JobSet', 'TrainJob'],
  },
  PyTorchJob: {
    type: PYTORCH_JOBS,
    api: 'kubeflow.org/v1',
    container: 'master/pytorch',
    spec: (lacksMemory: boolean) => ({
      runPolicy: { cleanPodPolicy: 'None' },
      pytorchReplicaSpecs: {
        Master: { replicas: 1, restartPolicy: 'Never', template: podsThat('pytorch', lacksMemory ? LACKS_MEMORY : RUNS_ON, SIZE) },
      },
    }),
    tries: 1,
    owners: ['PyTorchJob'],
  },
} as const;

type Kind = keyof typeof KINDS;
type FurtherRun = Extract<Change, { kind: 'furtherRun' }>;
const target = (kind: Kind, name: string) => ({ cluster: 'test', namespace: NAMESPACE, kind, name }) as const;
const seen = async (kind: Kind, name: string) => (await cluster.observe(target(kind, name))) as PipelineEvidence;
const now = (key: string) => ({ key, dryRun: false });

async function create(kind: Kind, name: string, lacksMemory: boolean): Promise<void> {
  const { type, api, spec } = KINDS[kind];
  const body = { apiVersion: api, kind, metadata: { name, labels: { team: 'ranking' } }, spec: spec(lacksMemory) };
  await objects.createNamespacedCustomObject({ ...type, namespace: NAMESPACE, body });
}

async function untilRun(kind: Kind, name: string, state: string): Promise<PipelineEvidence> {
  await until(`a run of ${name} has ${state}`, async () => (await seen(kind, name)).runs[0]?.state === state, 500, 300_000);
  return seen(kind, name);
}

const read = async (kind: Kind, name: string) =>
  (await objects.getNamespacedCustomObject({ ...KINDS[kind].type, namespace: NAMESPACE, name })) as {
    readonly metadata: { readonly labels: object };
    readonly spec: Readonly<Record<string, unknown>>;
  };

async function names(kind: Kind): Promise<readonly string[]> {
  const { items } = (await objects.listNamespacedCustomObject({ ...KINDS[kind].type, namespace: NAMESPACE })) as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  };
  return items.map(({ metadata }) => metadata.name).toSorted();
}

describe.each<Kind>(['TrainJob', 'PyTorchJob'])('a %s', (kind) => {
  const { container, tries, owners } = KINDS[kind];
  let failed: PipelineEvidence;
  let change: FurtherRun;

  it('that lacks memory is seen with its pods, how often it was begun, and what it may have, and diagnosed', async () => {
    await create(kind, 'llm', true);
    failed = await untilRun(kind, 'llm', 'failed');
    expect(failed).toMatchObject({
      controller: null,
      schedule: null,
      runs: [{ name: 'llm', state: 'failed', failed: 1, tries, isRetry: false }],
      pods: [{ phase: 'Failed', containers: [{ name: container, lastExit: { reason: 'OOMKilled' }, memoryLimitMi: 64 }] }],
      memory: { [container]: { limit: '64Mi', request: '64Mi' } },
      retriedBy: 'furtherRun',
    });
    expect(failed.runs[0]?.endedMs).toBeGreaterThanOrEqual(failed.runs[0]!.startedMs!);
    expect(failed.runs[0]?.message).not.toBeNull();
    expect(diagnose(failed, QUIET_CONTEXT).cause).toBe('memory-limit-too-low');
    expect(healthOf(failed).kind).toBe('notRecovered');
  });

  it('is what its pod leads to', async () => {
    const [pod] = failed.pods;
    expect(await cluster.topmostOwner(NAMESPACE, 'Pod', pod!.name)).toEqual({ kind, name: 'llm' });
    const { metadata } = await core.readNamespacedPod({ namespace: NAMESPACE, name: pod!.name });
    expect(metadata?.ownerReferences?.find(({ controller }) => controller)?.kind).toBe(owners[0]);
  });

  it('is run once more with more memory, once under one key, and is well when that run completes', async () => {
    const plan = planRemedy('retryRunWithMoreMemory', failed, remedyLimits());
    if (plan.kind === 'unusable') throw new Error(plan.reason);
    change = plan.change as FurtherRun;
    expect(await cluster.apply(target(kind, 'llm'), change, failed, { key: 'dry-run', dryRun: true })).toBe('applied');
    expect(await names(kind)).toEqual(['llm']);
    expect(await cluster.apply(target(kind, 'llm'), change, failed, now('k1'))).toBe('applied');
    expect(await cluster.apply(target(kind, 'llm'), change, failed, now('k1'))).toBe('alreadyApplied');
    await expect(cluster.apply(target(kind, 'llm'), change, failed, now('k2'))).rejects.toBeInstanceOf(TargetChanged);
    const well = await untilRun(kind, 'llm', 'completed');
    expect(healthOf(well).kind).toBe('recovered');
    expect(well.runs.map(({ name, isRetry }) => [name, isRetry])).toEqual([
      ['llm-retry-1', true],
      ['llm', false],
    ]);
    expect(await names(kind)).toEqual(['llm', 'llm-retry-1']);
    expect(await cluster.topmostOwner(NAMESPACE, kind, 'llm-retry-1')).toEqual({ kind, name: 'llm' });
  });

  it('has in its further run all that it had, but for the memory', async () => {
    const [first, further] = await Promise.all([read(kind, 'llm'), read(kind, 'llm-retry-1')]);
    const text = (spec: object) => JSON.stringify(spec);
    expect(text(first.spec)).toContain(text(SIZE));
    expect(JSON.parse(text(further.spec))).toEqual(JSON.parse(text(first.spec).replace(text(SIZE), text(SIZE_TWICE))));
    expect(further.metadata.labels).toMatchObject({ team: 'ranking' });
  });

  it('whose further run is under way is left by that when it is taken back', async () => {
    await create(kind, 'tabular', false);
    const evidence = await untilRun(kind, 'tabular', 'failed');
    const further: FurtherRun = {
      kind: 'furtherRun',
      from: null,
      to: { name: 'tabular-retry-1', memory: { [container]: { limit: '128Mi', request: '128Mi' } } },
    };
    expect(await cluster.apply(target(kind, 'tabular'), further, evidence, now('k3'))).toBe('applied');
    await until('it runs', async () => (await seen(kind, 'tabular')).runs[0]?.active === 1);
    expect((await seen(kind, 'tabular')).runs[0]).toMatchObject({ name: 'tabular-retry-1', state: 'running' });
    const back = inverse(further)!;
    expect(await cluster.apply(target(kind, 'tabular'), back, { ...evidence, generation: null }, now('k3/undo'))).toBe('applied');
    await until('it is gone', async () => !(await names(kind)).includes('tabular-retry-1'));
    expect(await cluster.apply(target(kind, 'tabular'), back, { ...evidence, generation: null }, now('k3/undo'))).toBe('alreadyApplied');
  });

  it('that is not there is told so', async () => {
    await expect(seen(kind, 'gone')).rejects.toBeInstanceOf(TargetGone);
    expect(await cluster.topmostOwner(NAMESPACE, kind, 'gone')).toBeNull();
  });
});

describe('a TrainJob that its JobSet begins anew', () => {
  it('counts what the JobSet counts', async () => {
    const { status } = (await objects.getNamespacedCustomObject({ ...JOB_SETS, namespace: NAMESPACE, name: 'llm' })) as {
      readonly status: { readonly restarts: number };
    };
    expect(status.restarts).toBe(1);
  });
});
