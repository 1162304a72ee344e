import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  CoreV1Api,
  CustomObjectsApi,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
  type V1Pod,
  type V1ServiceAccount,
} from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { TargetChanged, TargetGone } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { CRON_WORKFLOWS, WORKFLOWS } from '../../clients/pipelines/object-types.ts';
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

const NAMESPACE = 'etl';
const FAILS = { 'sandbox.paramedic.dev/fails': '1: Connection reset by peer' };
const COMPLETES = { 'sandbox.paramedic.dev/completes-after-seconds': '0' };
/** Killed at what it has first, and done once it has twice as much. */
const LACKS_MEMORY = { ...COMPLETES, 'sandbox.paramedic.dev/needs-mi': '100' };
const MAY_RETRY = [
  { apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['get', 'update'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
];
jest.setTimeout(300_000);

let real: RealCluster;
let core: CoreV1Api;
let objects: CustomObjectsApi;
let cluster: Cluster;
/** What somebody else than Paramedic asks of argo-server. */
let byPerson: (name: string, verb: 'retry' | 'stop' | 'terminate') => Promise<void>;

beforeAll(async () => {
  real = await openRealCluster('argo-workflow-controller', 'argo-server');
  core = real.admin.makeApiClient(CoreV1Api);
  objects = real.admin.makeApiClient(CustomObjectsApi);
  await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
  cluster = clusterAs(await tokenOf('retries', MAY_RETRY));
  const { token } = real.admin.getCurrentUser()!;
  byPerson = async (name, verb) => {
    const url = `${real.sandbox.addresses.argoServerUrl}/api/v1/workflows/${NAMESPACE}/${name}/${verb}`;
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ name, namespace: NAMESPACE }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  // Argo makes no pod in a new namespace before, and gives the step up.
  const hasAccount = async () => (await core.listNamespacedServiceAccount({ namespace: NAMESPACE })).items.some(isDefault);
  await until('pods may be made in the namespace', hasAccount);
  // They come to their end while others are looked at.
  await Promise.all([
    create('flaky', spec(FAILS)),
    create('llm', spec(LACKS_MEMORY)),
    create('tabular', spec(FAILS)),
    create('late', spec({}, { activeDeadlineSeconds: 1 })),
    create('invalid', { entrypoint: 'nowhere', templates: [] }),
    create('approved', { entrypoint: 'ask', templates: [{ name: 'ask', suspend: {} }] }),
  ]);
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

const isDefault = ({ metadata }: V1ServiceAccount) => metadata?.name === 'default';

/** Ours, which argo-server knows by the token. */
function clusterAs(token: string): Cluster {
  const authorize = async (refused: boolean) => (refused ? null : { authorization: `Bearer ${token}` });
  const argoServer = { url: real.sandbox.addresses.argoServerUrl, authorize, credentials: 'PARAMEDIC_ARGO_TOKEN_PATH' };
  return kubernetesCluster(real.ours, { ...NO_SYSTEMS, argoServer });
}

/** The token of a ServiceAccount that may do so much in the namespace. */
async function tokenOf(name: string, rules: typeof MAY_RETRY): Promise<string> {
  const rbac = real.admin.makeApiClient(RbacAuthorizationV1Api);
  const metadata = { name };
  await core.createNamespacedServiceAccount({ namespace: NAMESPACE, body: { metadata } });
  await rbac.createNamespacedRole({ namespace: NAMESPACE, body: { metadata, rules } });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  const subjects = [{ kind: 'ServiceAccount', name, namespace: NAMESPACE }];
  await rbac.createNamespacedRoleBinding({ namespace: NAMESPACE, body: { metadata, roleRef, subjects } });
  const asked = { namespace: NAMESPACE, name, body: { spec: { audiences: [] } } };
  return (await core.createNamespacedServiceAccountToken(asked)).status?.token ?? '';
}

/** A step that loads and is well, and then one that trains, whose pod ends as the annotations say. */
const spec = (annotations: Readonly<Record<string, string>>, change: object = {}) => ({
  entrypoint: 'main',
  templates: [
    { name: 'main', steps: [[{ name: 'load', template: 'load' }], [{ name: 'train', template: 'train' }]] },
    { name: 'load', metadata: { annotations: COMPLETES }, container: { image: 'load:1', command: ['load'] } },
    {
      name: 'train',
      metadata: { annotations },
      container: { image: 'train:1', command: ['train'], resources: { limits: { memory: '64Mi' } } },
      ...change,
    },
  ],
});

type Kind = 'Workflow' | 'CronWorkflow';
type Fields = Readonly<Record<string, unknown>>;
const TYPES = { Workflow: WORKFLOWS, CronWorkflow: CRON_WORKFLOWS };
const at = (kind: Kind, name: string) => ({ ...TYPES[kind], namespace: NAMESPACE, name });
const target = (name: string, kind: Kind = 'Workflow') => ({ cluster: 'test', namespace: NAMESPACE, kind, name }) as const;
const seen = async (name: string, kind: Kind = 'Workflow') => (await cluster.observe(target(name, kind))) as PipelineEvidence;
const now = (key: string) => ({ key, dryRun: false });
const causeOf = (evidence: PipelineEvidence) => diagnose(evidence, QUIET_CONTEXT).cause;
const planned = (remedy: 'retryRun' | 'retryRunWithMoreMemory', evidence: PipelineEvidence) => planRemedy(remedy, evidence, remedyLimits());

function changeOf(remedy: Parameters<typeof planned>[0], evidence: PipelineEvidence): Change {
  const plan = planned(remedy, evidence);
  if (plan.kind === 'unusable') throw new Error(plan.reason);
  return plan.change;
}

async function create(name: string, wanted: object, kind: Kind = 'Workflow'): Promise<void> {
  const body = { apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name, labels: { team: 'ranking' } }, spec: wanted };
  await objects.createNamespacedCustomObject({ ...TYPES[kind], namespace: NAMESPACE, body });
}

const read = async (name: string, kind: Kind = 'Workflow') =>
  (await objects.getNamespacedCustomObject(at(kind, name))) as {
    readonly metadata: Fields;
    readonly spec: Fields;
    readonly status: Fields;
  };

async function untilRun(state: string, name: string, kind: Kind = 'Workflow'): Promise<PipelineEvidence> {
  await until(`a run of ${name} is ${state}`, async () => (await seen(name, kind)).runs[0]?.state === state);
  return seen(name, kind);
}

async function podOf(name: string, step: string): Promise<V1Pod | undefined> {
  const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: `workflows.argoproj.io/workflow=${name}` });
  return items.find(({ metadata }) => metadata?.annotations?.['workflows.argoproj.io/node-name']?.endsWith(`.${step}`));
}

/** Waits until the pod of a step runs, another one than `before`, and has it end so. */
async function endStep(name: string, step: string, annotations: Readonly<Record<string, string>>, before?: V1Pod): Promise<V1Pod> {
  const runs = async () => {
    const pod = await podOf(name, step);
    return pod?.status?.phase === 'Running' && pod.metadata?.uid !== before?.metadata?.uid;
  };
  await until(`step ${step} of ${name} runs`, runs);
  const pod = (await podOf(name, step))!;
  const asked = { namespace: NAMESPACE, name: pod.metadata!.name!, body: { metadata: { annotations } } };
  await core.patchNamespacedPod(asked, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
  return pod;
}

describe('a Workflow that failed by an error', () => {
  let failed: PipelineEvidence;
  let change: Change;

  it('is seen with its steps and what they said, and diagnosed', async () => {
    await create('churn', spec({}));
    await endStep('churn', 'train', FAILS);
    failed = await untilRun('failed', 'churn');
    expect(failed).toMatchObject({
      controller: null,
      schedule: null,
      runs: [{ name: 'churn', state: 'failed', reason: 'Failed', succeeded: 1, failed: 1, active: 0, isRetry: false }],
      memory: { train: { limit: '64Mi', request: null } },
      retriedBy: 'either',
    });
    expect(failed.runs[0]?.message).toContain('train: main: Error (exit code 1): Connection reset by peer');
    expect(failed.pods.find(({ phase }) => phase === 'Failed')?.containers.map(({ name }) => name)).toEqual(['wait', 'train']);
    expect(causeOf(failed)).toBe('transient');
    expect(healthOf(failed).kind).toBe('notRecovered');
  });

  it('is what its pods lead to', async () => {
    const pod = await podOf('churn', 'train');
    expect(await cluster.topmostOwner(NAMESPACE, 'Pod', pod!.metadata!.name!)).toEqual({ kind: 'Workflow', name: 'churn' });
  });

  it('goes on where it failed by argo-server, once under one key, and is well when that completes (safety 1)', async () => {
    const [load, train] = [await podOf('churn', 'load'), await podOf('churn', 'train')];
    change = changeOf('retryRun', failed);
    expect(await cluster.apply(target('churn'), change, failed, { key: 'dry-run', dryRun: true })).toBe('applied');
    expect((await seen('churn')).runs[0]?.state).toBe('failed');
    expect(await cluster.apply(target('churn'), change, failed, now('k1'))).toBe('applied');
    expect(await cluster.apply(target('churn'), change, failed, now('k1'))).toBe('alreadyApplied');
    await expect(cluster.apply(target('churn'), change, failed, now('k2'))).rejects.toThrow('somebody else has retried it');
    const again = await endStep('churn', 'train', COMPLETES, train);
    const well = await untilRun('completed', 'churn');
    expect(healthOf(well).kind).toBe('recovered');
    expect(well.runs).toHaveLength(1);
    expect((await podOf('churn', 'load'))?.metadata?.uid).toBe(load?.metadata?.uid);
    expect((await podOf('churn', 'train'))?.metadata?.uid).toBe(again.metadata?.uid);
    expect(await cluster.apply(target('churn'), change, failed, now('k1'))).toBe('alreadyApplied');
  });

  it('and fails again is not retried by the same act, but by another (safety 1)', async () => {
    const first = await untilRun('failed', 'flaky');
    const before = await podOf('flaky', 'train');
    const retry = changeOf('retryRun', first);
    expect(await cluster.apply(target('flaky'), retry, first, now('k3'))).toBe('applied');
    const once = await endStep('flaky', 'train', FAILS, before);
    const second = await untilRun('failed', 'flaky');
    expect(await cluster.apply(target('flaky'), retry, first, now('k3'))).toBe('alreadyApplied');
    expect((await podOf('flaky', 'train'))?.metadata?.uid).toBe(once.metadata?.uid);
    expect(await cluster.apply(target('flaky'), changeOf('retryRun', second), second, now('k4'))).toBe('applied');
    await endStep('flaky', 'train', FAILS, once);
    await untilRun('failed', 'flaky');
  });

  it('is left as it is where somebody else retried it meanwhile', async () => {
    const evidence = await seen('flaky');
    const before = await podOf('flaky', 'train');
    await byPerson('flaky', 'retry');
    await endStep('flaky', 'train', FAILS, before);
    await untilRun('failed', 'flaky');
    const asked = cluster.apply(target('flaky'), changeOf('retryRun', evidence), evidence, now('k5'));
    await expect(asked).rejects.toThrow('Workflow etl/flaky was retried since it was looked at, and failed again.');
  });
});

describe('a Workflow that failed for want of memory', () => {
  let failed: PipelineEvidence;

  it('is seen with the step that was killed, and diagnosed', async () => {
    failed = await untilRun('failed', 'llm');
    expect(failed.runs[0]).toMatchObject({ outOfMemory: true, message: expect.stringContaining('train: main: OOMKilled (exit code 137)') });
    expect(diagnose(failed, QUIET_CONTEXT)).toMatchObject({
      cause: 'memory-limit-too-low',
      reasons: ['train was OOM-killed at its limit of 64 Mi.'],
    });
  });

  it('is run once more with more memory, once under one key, and is well when that run completes', async () => {
    const change = changeOf('retryRunWithMoreMemory', failed);
    expect(await cluster.apply(target('llm'), change, failed, { key: 'dry-run', dryRun: true })).toBe('applied');
    await expect(read('llm-retry-1')).rejects.toThrow('404');
    expect(await cluster.apply(target('llm'), change, failed, now('k1'))).toBe('applied');
    expect(await cluster.apply(target('llm'), change, failed, now('k1'))).toBe('alreadyApplied');
    await expect(cluster.apply(target('llm'), change, failed, now('k2'))).rejects.toBeInstanceOf(TargetChanged);
    const well = await untilRun('completed', 'llm');
    expect(healthOf(well).kind).toBe('recovered');
    expect(well.runs.map(({ name, isRetry }) => [name, isRetry])).toEqual([
      ['llm-retry-1', true],
      ['llm', false],
    ]);
    expect(await cluster.topmostOwner(NAMESPACE, 'Workflow', 'llm-retry-1')).toEqual({ kind: 'Workflow', name: 'llm' });
  });

  it('has in its further run all that it had, but for the memory', async () => {
    const [first, further] = await Promise.all([read('llm'), read('llm-retry-1')]);
    expect(further.spec).toEqual(JSON.parse(JSON.stringify(first.spec).replace('64Mi', '128Mi')));
    expect(further.metadata.labels).toMatchObject({ team: 'ranking' });
  });

  it('whose further run is under way is left by that when it is taken back', async () => {
    const evidence = await untilRun('failed', 'tabular');
    const to = { name: 'tabular-retry-1', memory: { train: { limit: '128Mi', request: null } } };
    const further = { kind: 'furtherRun', from: null, to } as const;
    expect(await cluster.apply(target('tabular'), further, evidence, now('k1'))).toBe('applied');
    await untilRun('running', 'tabular');
    const back = inverse(further)!;
    expect(await cluster.apply(target('tabular'), back, { ...evidence, generation: null }, now('k1/undo'))).toBe('applied');
    await until('it is gone', async () => (await seen('tabular')).runs.length === 1);
  });
});

describe('a Workflow that a person sees to', () => {
  it.each(['stop', 'terminate'] as const)('by argo %s is left alone', async (verb) => {
    const name = `theirs-${verb}`;
    await create(name, spec({}));
    await until('it trains', async () => (await podOf(name, 'train')) !== undefined);
    await byPerson(name, verb);
    const evidence = await untilRun('stopped', name);
    expect(causeOf(evidence)).toBe('held-by-person');
    expect(planned('retryRun', evidence).kind).toBe('unusable');
  });

  it('because a step of it waits for their word is left alone', async () => {
    expect(causeOf(await untilRun('suspended', 'approved'))).toBe('held-by-person');
  });
});

describe('a Workflow', () => {
  it('that was ended at the deadline of a step is told so', async () => {
    const evidence = await untilRun('failed', 'late');
    expect(evidence.runs[0]?.reason).toBe('DeadlineExceeded');
    expect(causeOf(evidence)).toBe('deadline-exceeded');
  });

  it('that cannot begin says why', async () => {
    expect((await untilRun('failed', 'invalid')).runs[0]?.message).toContain("template name 'nowhere' undefined");
  });

  it('that is not there is told so', async () => {
    await expect(seen('gone')).rejects.toBeInstanceOf(TargetGone);
    expect(await cluster.topmostOwner(NAMESPACE, 'Workflow', 'gone')).toBeNull();
  });
});

describe('a CronWorkflow', () => {
  let failed: PipelineEvidence;
  const SUSPEND = { kind: 'schedule', from: 'active', to: 'suspended' } as const;
  const lastMs = async () => (await seen('nightly', 'CronWorkflow')).schedule?.lastMs ?? 0;

  it('is seen with its schedule and the runs that Argo made', async () => {
    await create('nightly', { schedules: ['@every 2s'], concurrencyPolicy: 'Forbid', workflowSpec: spec(LACKS_MEMORY) }, 'CronWorkflow');
    failed = await untilRun('failed', 'nightly', 'CronWorkflow');
    expect(failed).toMatchObject({
      schedule: { cron: '@every 2s', suspendedBy: null, concurrency: 'Forbid', lastMs: expect.any(Number) },
      memory: { train: { limit: '64Mi', request: null } },
    });
    expect(causeOf(failed)).toBe('memory-limit-too-low');
  });

  it('is suspended with a mark, once under one key, also where Argo has written its status since', async () => {
    await until('a further run was due', async () => (await lastMs()) > failed.schedule!.lastMs!);
    const { object } = await cluster.readSurroundings(target('nightly', 'CronWorkflow'), { change: SUSPEND });
    expect(object).toMatchObject({ kind: 'read', value: { uid: failed.uid, generation: failed.generation } });
    expect(await cluster.apply(target('nightly', 'CronWorkflow'), SUSPEND, failed, now('k1'))).toBe('applied');
    expect(await cluster.apply(target('nightly', 'CronWorkflow'), SUSPEND, failed, now('k1'))).toBe('alreadyApplied');
    expect((await seen('nightly', 'CronWorkflow')).schedule?.suspendedBy).toBe('paramedic');
    failed = await untilRun('failed', 'nightly', 'CronWorkflow');
  });

  it('is run once more with more memory by a Workflow that it owns', async () => {
    const change = changeOf('retryRunWithMoreMemory', failed);
    expect(await cluster.apply(target('nightly', 'CronWorkflow'), change, failed, now('k2'))).toBe('applied');
    const well = await untilRun('completed', 'nightly', 'CronWorkflow');
    expect(well.runs[0]).toMatchObject({ name: 'nightly-retry-1', isRetry: true, memory: { train: { limit: '128Mi' } } });
    const pod = await podOf('nightly-retry-1', 'train');
    const topmost = await cluster.topmostOwner(NAMESPACE, 'Pod', pod!.metadata!.name!);
    expect(topmost).toEqual({ kind: 'CronWorkflow', name: 'nightly' });
  });

  it('goes on when its suspension is taken back, and keeps no mark', async () => {
    const before = await lastMs();
    const evidence = { ...failed, generation: null };
    expect(await cluster.apply(target('nightly', 'CronWorkflow'), inverse(SUSPEND)!, evidence, now('k1/undo'))).toBe('applied');
    await until('it makes runs again', async () => (await lastMs()) > before);
    expect((await read('nightly', 'CronWorkflow')).metadata.annotations).not.toHaveProperty('paramedic.dev/suspended-by');
  });

  it('that somebody changed since it was looked at is left as it is', async () => {
    const evidence = await seen('nightly', 'CronWorkflow');
    const body = { spec: { suspend: true } };
    const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    await objects.patchNamespacedCustomObject({ ...at('CronWorkflow', 'nightly'), body }, merge);
    await expect(cluster.apply(target('nightly', 'CronWorkflow'), SUSPEND, evidence, now('k3'))).rejects.toBeInstanceOf(TargetChanged);
    const theirs = await seen('nightly', 'CronWorkflow');
    expect(theirs.schedule?.suspendedBy).toBe('person');
    expect(causeOf(theirs)).toBe('held-by-person');
  });
});

describe('argo-server, to which the token', () => {
  const retryAs = async (token: string) => {
    const evidence = await seen('flaky');
    return clusterAs(token).apply(target('flaky'), changeOf('retryRun', evidence), evidence, now('k9'));
  };
  const [workflows, pods] = MAY_RETRY as [(typeof MAY_RETRY)[number], (typeof MAY_RETRY)[number]];

  it('is unknown, is told by the setting that holds it', async () => {
    await expect(retryAs('nonsense')).rejects.toThrow('Argo Server does not know us: check PARAMEDIC_ARGO_TOKEN_PATH. ');
  });

  it.each<[string, string, typeof MAY_RETRY, string]>([
    ['grants nothing', 'nothing', [], 'get on workflows in its namespace is missing. Argo Server answers 403 gRPC 7'],
    [
      'does not grant to delete pods',
      'no-pods',
      [workflows],
      'delete on pods or update on workflows in its namespace is missing. Argo Server answers 403 gRPC 7',
    ],
    [
      'does not grant to update workflows',
      'no-update',
      [{ ...workflows, verbs: ['get'] }, pods],
      'delete on pods or update on workflows in its namespace is missing. Argo Server answers 403 gRPC 7',
    ],
  ])('%s, is told by what is missing', async (_case, account, rules, sentence) => {
    await expect(retryAs(await tokenOf(account, rules))).rejects.toThrow(`Argo Server does not allow it: ${sentence}`);
    expect((await seen('flaky')).runs[0]?.state).toBe('failed');
  });
});
