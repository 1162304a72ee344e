import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BatchV1Api, CoreV1Api, PatchStrategy, setHeaderOptions, type V1JobTemplateSpec } from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { TargetChanged, TargetGone } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { healthOf } from '../../diagnosis/health.ts';
import { type Change, inverse } from '../../incident/change.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { PipelineEvidence } from '../../incident/pipeline.ts';
import type { Target } from '../../incident/target.ts';
import { until } from '../until.ts';
import { openRealCluster, type RealCluster } from './real-cluster.ts';

const NAMESPACE = 'pipelines';
const SAID = 'Traceback (most recent call last):\nConnectionResetError: Connection reset by peer, token=abc123secret';
const NOW = { dryRun: false };
/** How the pods of simulated Jobs end. */
const COMPLETES = { 'sandbox.paramedic.dev/completes-after-seconds': '1' };
const FAILS = { 'sandbox.paramedic.dev/fails': '3: Connection reset by peer' };
jest.setTimeout(60_000);

let real: RealCluster;
let batch: BatchV1Api;
let core: CoreV1Api;
let cluster: Cluster;
let target: Target;
let numbers = 0;

beforeAll(async () => {
  real = await openRealCluster();
  const { admin } = real;
  batch = admin.makeApiClient(BatchV1Api);
  core = admin.makeApiClient(CoreV1Api);
  cluster = kubernetesCluster(real.ours, NO_SYSTEMS);
  await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

beforeEach(() => {
  target = { cluster: 'test', namespace: NAMESPACE, kind: 'Job', name: `train-${++numbers}` };
});

const observe = async () => (await cluster.observe(target)) as PipelineEvidence;
const job = (name = target.name) => batch.readNamespacedJob({ namespace: NAMESPACE, name });
const jobs = async () => (await batch.listNamespacedJob({ namespace: NAMESPACE })).items.map(({ metadata }) => metadata?.name);
const retryOf = (name = `${target.name}-retry-1`, memory = {}): Change => ({ kind: 'furtherRun', from: null, to: { name, memory } });

function template(annotations: Readonly<Record<string, string>>): V1JobTemplateSpec {
  const container = { name: 'main', image: 'train:1', resources: { limits: { memory: '128Mi', cpu: '1' } } };
  return {
    metadata: { labels: { team: 'ranking', 'argocd.argoproj.io/instance': 'shop', 'app.kubernetes.io/instance': 'shop' } },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { labels: { app: target.name }, annotations },
        spec: { restartPolicy: 'Never', containers: [container], automountServiceAccountToken: false },
      },
    },
  };
}

async function createJob(annotations: Readonly<Record<string, string>>): Promise<void> {
  const { metadata, spec } = template(annotations);
  await batch.createNamespacedJob({
    namespace: NAMESPACE,
    body: { metadata: { ...metadata, name: target.name }, ...(spec ? { spec } : {}) },
  });
}

async function failedJob(): Promise<PipelineEvidence> {
  await createJob(FAILS);
  await until('the Job failed', async () => (await observe()).runs[0]?.state === 'failed');
  return observe();
}

async function createCronJob(annotations: Readonly<Record<string, string>>): Promise<PipelineEvidence> {
  target = { ...target, kind: 'CronJob' };
  const body = { metadata: { name: target.name }, spec: { schedule: '0 0 1 1 *', jobTemplate: template(annotations) } };
  await batch.createNamespacedCronJob({ namespace: NAMESPACE, body });
  return observe();
}

describe('what is seen of a Job', () => {
  it('is that it failed, why, and what its pod said at the end', async () => {
    const seen = await failedJob();
    expect(seen).toMatchObject({
      kind: 'Job',
      schedule: null,
      controller: null,
      runs: [{ name: target.name, state: 'failed', reason: 'BackoffLimitExceeded', failed: 1, isRetry: false }],
      pods: [{ phase: 'Failed', said: 'Connection reset by peer', disruption: null, containers: [{ lastExit: { code: 3 } }] }],
      memory: { main: { limit: '128Mi', request: null } },
    });
    expect(diagnose(seen, await cluster.readContext(target, seen)).cause).toBe('transient');
  });

  it('is the end of long last words, with secrets struck out', async () => {
    await createJob({});
    await until('it has a pod', async () => (await observe()).pods.length === 1);
    const [pod] = (await observe()).pods;
    const terminated = { exitCode: 1, reason: 'Error', message: `${'x'.repeat(3_000)}\n${SAID}` };
    const body = { status: { phase: 'Failed', containerStatuses: [{ name: 'main', state: { terminated } }] } };
    await core.patchNamespacedPodStatus(
      { namespace: NAMESPACE, name: pod!.name, body },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    await until('the Job failed', async () => (await observe()).runs[0]?.state === 'failed');
    const said = (await observe()).pods[0]?.said;
    expect(said).toMatch(/Connection reset by peer, token=\[redacted\]$/);
    expect(said!.length).toBeLessThanOrEqual(600);
  });

  it('is that it runs, and then that it completed, and only then that it is well (safety 19)', async () => {
    await createJob(COMPLETES);
    const seen: string[] = [];
    await until('it completed', async () => {
      const now = await observe();
      seen.push(`${now.runs[0]?.state}: ${healthOf(now).kind}`);
      return now.runs[0]?.state === 'completed';
    });
    expect([...new Set(seen)]).toEqual(['running: notRecovered', 'completed: recovered']);
  });

  it('is that somebody else owns it who starts its runs', async () => {
    const { metadata, spec } = template(COMPLETES);
    const ownerReferences = [{ apiVersion: 'jobset.x-k8s.io/v1', kind: 'JobSet', name: 'all', uid: 'u1', controller: true }];
    await batch.createNamespacedJob({
      namespace: NAMESPACE,
      body: { metadata: { ...metadata, name: target.name, ownerReferences }, ...(spec ? { spec } : {}) },
    });
    expect((await observe()).controller).toBe('JobSet/all');
  });

  it('is nothing where it is gone (safety 18)', async () => {
    await expect(observe()).rejects.toThrow(TargetGone);
    await expect(cluster.observe({ ...target, kind: 'CronJob' })).rejects.toThrow(TargetGone);
  });

  it('is enough to ask the guards about a further run of it', async () => {
    await failedJob();
    const around = await cluster.readSurroundings(target, { change: retryOf() });
    expect(around.object).toMatchObject({ kind: 'read', value: { optOut: null, heldByPerson: null, managedBy: { tool: 'Argo CD' } } });
    expect(around.replicas).toMatchObject({ kind: 'read', value: { readyTaken: 0, noRoom: null } });
  });
});

describe('a further run of a Job', () => {
  it('does what the Job did, under marks of its own, and is made once under one key (safety 1)', async () => {
    const seen = await failedJob();
    const change = retryOf();
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('applied');
    const made = await job(`${target.name}-retry-1`);
    expect(await cluster.apply(target, change, seen, { key: 'k1', ...NOW })).toBe('alreadyApplied');
    expect((await job(`${target.name}-retry-1`)).metadata?.uid).toBe(made.metadata?.uid);
    const before = await job();
    expect(made.spec?.template.spec).toEqual(before.spec?.template.spec);
    expect(made.spec?.backoffLimit).toBe(0);
    expect(made.spec?.selector).not.toEqual(before.spec?.selector);
    expect(made.metadata?.labels).toMatchObject({ team: 'ranking', 'paramedic.dev/retry-of-uid': before.metadata?.uid });
    expect(Object.keys(made.metadata?.labels ?? {})).not.toContain('argocd.argoproj.io/instance');
    expect(Object.keys(made.metadata?.labels ?? {})).not.toContain('app.kubernetes.io/instance');
    expect(made.metadata?.annotations).toMatchObject({ 'paramedic.dev/retry-of': target.name, 'paramedic.dev/last-action': 'k1' });
    expect(made.metadata?.ownerReferences).toBeUndefined();
  });

  it('is the newest run of the same target, and what fails of it is no other incident (safety 5)', async () => {
    const seen = await failedJob();
    await cluster.apply(target, retryOf(), seen, { key: 'k1', ...NOW });
    await until('the retry failed, too', async () => (await observe()).runs[0]?.state === 'failed' && (await observe()).runs.length === 2);
    expect((await observe()).runs.map(({ name, isRetry }) => [name, isRetry])).toEqual([
      [`${target.name}-retry-1`, true],
      [target.name, false],
    ]);
    const [pod] = (await observe()).pods;
    expect(await cluster.topmostOwner(NAMESPACE, 'Pod', pod!.name)).toEqual({ kind: 'Job', name: target.name });
    expect(await cluster.topmostOwner(NAMESPACE, 'Job', `${target.name}-retry-1`)).toEqual({ kind: 'Job', name: target.name });
  });

  it('is its own target once the Job that it repeats is gone', async () => {
    const seen = await failedJob();
    await cluster.apply(target, retryOf(), seen, { key: 'k1', ...NOW });
    await batch.deleteNamespacedJob({ namespace: NAMESPACE, name: target.name, propagationPolicy: 'Background' });
    const retry = { kind: 'Job', name: `${target.name}-retry-1` };
    expect(await cluster.topmostOwner(NAMESPACE, 'Job', retry.name)).toEqual(retry);
  });

  it('asks for the memory that was planned, and for everything else as before', async () => {
    const seen = await failedJob();
    const memory = { main: { limit: '256Mi', request: '256Mi' } };
    await cluster.apply(target, retryOf(undefined, memory), seen, { key: 'k1', ...NOW });
    const made = await job(`${target.name}-retry-1`);
    expect(made.spec?.template.spec?.containers[0]?.resources).toEqual({
      limits: { memory: '256Mi', cpu: '1' },
      requests: { memory: '256Mi' },
    });
    expect((await observe()).runs[0]?.memory.main?.limit).toBe('256Mi');
  });

  it('is only asked about as a dry run', async () => {
    const seen = await failedJob();
    expect(await cluster.apply(target, retryOf(), seen, { key: 'dry-run', dryRun: true })).toBe('applied');
    expect(await jobs()).not.toContain(`${target.name}-retry-1`);
  });

  it('is not made where another Job has its name, nor of another Job than was seen (safety 13)', async () => {
    const seen = await failedJob();
    await cluster.apply(target, retryOf(), seen, { key: 'k1', ...NOW });
    await expect(cluster.apply(target, retryOf(), seen, { key: 'k2', ...NOW })).rejects.toThrow(TargetChanged);
    const other = { ...seen, uid: 'another' };
    await expect(cluster.apply(target, retryOf(`${target.name}-retry-2`), other, { key: 'k2', ...NOW })).rejects.toThrow('made anew');
  });

  it('is not made when what is looked at directly before the write says no', async () => {
    const seen = await failedJob();
    const beforeWrite = () => Promise.reject(new TargetChanged('It is well.'));
    await expect(cluster.apply(target, retryOf(), seen, { key: 'k1', ...NOW, beforeWrite })).rejects.toThrow('It is well.');
    expect(await jobs()).not.toContain(`${target.name}-retry-1`);
  });

  it('is taken back with its pods while it runs, once, and only by the act that made it (safety 17)', async () => {
    const seen = await failedJob();
    const running = template({}).spec!;
    // A retry that goes on and on, as one of its target's template would not.
    const body = {
      metadata: {
        name: `${target.name}-retry-1`,
        annotations: { 'paramedic.dev/last-action': 'k1', 'paramedic.dev/retry-of': target.name },
      },
      spec: running,
    };
    await batch.createNamespacedJob({ namespace: NAMESPACE, body });
    const undo = inverse(retryOf())!;
    await expect(cluster.apply(target, undo, seen, { key: 'k2/undo', ...NOW })).rejects.toThrow('made by somebody else');
    expect(await cluster.apply(target, undo, seen, { key: 'k1/undo', ...NOW })).toBe('applied');
    await until('it is gone', async () => !(await jobs()).includes(`${target.name}-retry-1`));
    expect(await cluster.apply(target, undo, seen, { key: 'k1/undo', ...NOW })).toBe('alreadyApplied');
    expect(await jobs()).toContain(target.name);
  });

  it('is kept once it has ended, with its pods and their logs', async () => {
    const seen = await failedJob();
    await cluster.apply(target, retryOf(), seen, { key: 'k1', ...NOW });
    await until('the retry failed, too', async () => (await job(`${target.name}-retry-1`)).status?.failed === 1);
    await until('its Job says so', async () => (await observe()).runs[0]?.state === 'failed');
    await expect(cluster.apply(target, inverse(retryOf())!, seen, { key: 'k1/undo', ...NOW })).rejects.toThrow('has ended');
    expect(await jobs()).toContain(`${target.name}-retry-1`);
  });
});

describe('a CronJob', () => {
  it('is run once more by a Job of its template, which it owns as what kubectl makes of it', async () => {
    const seen = await createCronJob(COMPLETES);
    expect(seen).toMatchObject({ kind: 'CronJob', schedule: { cron: '0 0 1 1 *', suspendedBy: null, concurrency: 'Allow' }, runs: [] });
    await cluster.apply(target, retryOf(), seen, { key: 'k1', ...NOW });
    const made = await job(`${target.name}-retry-1`);
    expect(made.metadata?.ownerReferences).toMatchObject([{ kind: 'CronJob', name: target.name, uid: seen.uid, controller: true }]);
    expect(made.metadata?.annotations).toMatchObject({ 'cronjob.kubernetes.io/instantiate': 'manual' });
    await until('it completed', async () => healthOf(await observe()).kind === 'recovered');
    expect(await cluster.topmostOwner(NAMESPACE, 'Job', `${target.name}-retry-1`)).toEqual({ kind: 'CronJob', name: target.name });
  });

  it('is suspended with a mark that tells by whom, and goes on exactly as before when that is undone (safety 17)', async () => {
    const seen = await createCronJob(COMPLETES);
    const before = await batch.readNamespacedCronJob({ namespace: NAMESPACE, name: target.name });
    const suspend: Change = { kind: 'schedule', from: 'active', to: 'suspended' };
    expect(await cluster.apply(target, suspend, seen, { key: 'k1', ...NOW })).toBe('applied');
    expect(await cluster.apply(target, suspend, seen, { key: 'k1', ...NOW })).toBe('alreadyApplied');
    expect((await observe()).schedule?.suspendedBy).toBe('paramedic');
    const around = await cluster.readSurroundings(target, { change: retryOf() });
    expect(around.object).toMatchObject({ value: { heldByPerson: 'it is suspended' } });
    await cluster.apply(target, inverse(suspend)!, { uid: seen.uid, generation: null }, { key: 'k1/undo', ...NOW });
    const after = await batch.readNamespacedCronJob({ namespace: NAMESPACE, name: target.name });
    expect(after.spec).toEqual(before.spec);
    expect((await observe()).schedule?.suspendedBy).toBeNull();
  });

  it('that a person suspended is theirs, and is not set going again', async () => {
    const seen = await createCronJob(COMPLETES);
    await batch.patchNamespacedCronJob(
      { namespace: NAMESPACE, name: target.name, body: { spec: { suspend: true } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    const now = await observe();
    expect(now.schedule?.suspendedBy).toBe('person');
    expect(diagnose(now, QUIET_CONTEXT).cause).toBe('held-by-person');
    const suspend: Change = { kind: 'schedule', from: 'active', to: 'suspended' };
    await expect(cluster.apply(target, suspend, now, { key: 'k1', ...NOW })).rejects.toThrow(TargetChanged);
    await expect(cluster.apply(target, suspend, seen, { key: 'k1', ...NOW })).rejects.toThrow('generation');
  });

  it('has an Event on it for what is done', async () => {
    await createCronJob(COMPLETES);
    await cluster.recordEvent(target, 'Acted', 'retryRun');
    const { items } = await core.listNamespacedEvent({ namespace: NAMESPACE, fieldSelector: `involvedObject.name=${target.name}` });
    expect(items.map(({ involvedObject }) => involvedObject.kind)).toEqual(['CronJob']);
  });
});
