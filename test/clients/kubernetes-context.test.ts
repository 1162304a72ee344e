import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppsV1Api, CoreV1Api, PatchStrategy, setHeaderOptions, type V1Deployment } from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import type { Context } from '../../incident/context.ts';
import type { WorkloadEvidence } from '../../incident/evidence.ts';
import type { Target } from '../../incident/target.ts';
import { simulatedDeployment } from '../../sandbox/simulated-workloads.ts';
import { until } from '../until.ts';
import { openRealCluster, type RealCluster } from './real-cluster.ts';

jest.setTimeout(90_000);
const SECRET = 'hunter2hunter2';

let real: RealCluster;
let apps: AppsV1Api;
let core: CoreV1Api;
let cluster: Cluster;
let target: Target;
let numbers = 0;

beforeAll(async () => {
  real = await openRealCluster();
  const { admin } = real;
  apps = admin.makeApiClient(AppsV1Api);
  core = admin.makeApiClient(CoreV1Api);
  cluster = kubernetesCluster(real.ours, NO_SYSTEMS);
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

beforeEach(async () => {
  const namespace = `causes-${++numbers}`;
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  target = { cluster: 'test', namespace, kind: 'Deployment', name: 'ranker' };
});

const observe = async () => (await cluster.observe(target)) as WorkloadEvidence;

async function look(): Promise<{ seen: WorkloadEvidence; context: Context; cause: string; rule: string; reason: string | undefined }> {
  const seen = await observe();
  const context = await cluster.readContext(target, seen);
  const { cause, rule, reasons } = diagnose(seen, context);
  return { seen, context, cause, rule, reason: reasons[0] };
}

/** The Deployment runs in its first release. */
async function running(body: V1Deployment = simulatedDeployment('ranker')): Promise<void> {
  await apps.createNamespacedDeployment({ namespace: target.namespace, body });
  await until('it runs', async () => (await observe()).replicasReady === 2);
}

async function releaseWith(spec: object, metadata: object = {}): Promise<void> {
  const body = { spec: { template: { metadata, spec } } };
  await apps.patchNamespacedDeployment(
    { namespace: target.namespace, name: 'ranker', body },
    setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
  );
  await until('that is a release of its own', async () => (await observe()).releases.length === 2);
}

/** Looks until the cause is named. */
async function untilCause(cause: string): Promise<Awaited<ReturnType<typeof look>>> {
  let found = await look();
  await until(`the cause is ${cause}`, async () => {
    found = await look();
    return found.cause === cause;
  });
  return found;
}

const server = (change: object) => ({ containers: [{ name: 'server', ...change }] });
const value = <T>(reading: { kind: 'read'; value: T } | { kind: 'unreadable'; reason: string }): T => {
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  return reading.value;
};

describe('a release that cannot start, on a real API server', () => {
  it.each<[string, object, string]>([
    [
      'asks for more than any node has',
      server({ resources: { requests: { memory: '4Ti' }, limits: { memory: '4Ti' } } }),
      'memory 4194304 Mi',
    ],
    ['selects nodes that are not there', { nodeSelector: { pool: 'a100' } }, 'pool=a100'],
    ['wants a device no node has', server({ resources: { limits: { 'nvidia.com/gpu': '1' } } }), 'nvidia.com/gpu'],
    [
      'mounts a claim nobody made',
      { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] },
      'PersistentVolumeClaim data, which',
    ],
    ['is under an account nobody made', { serviceAccountName: 'robot' }, 'ServiceAccount robot, which'],
  ])('and %s, is a bad release, and a rollout until then', async (_case, spec, said) => {
    await running();
    await releaseWith(spec);
    const { reason } = await untilCause('bad-release');
    expect(reason).toContain(said);
  });

  it('is refused by the quota, and blamed where it asks for more', async () => {
    const quota = { metadata: { name: 'compute' }, spec: { hard: { 'limits.memory': '512Mi' } } };
    await core.createNamespacedResourceQuota({ namespace: target.namespace, body: quota });
    await until('the quota is counted', async () => {
      const read = await core.readNamespacedResourceQuota({ namespace: target.namespace, name: 'compute' });
      return read.status?.hard?.['limits.memory'] === '512Mi';
    });
    await running();
    await releaseWith(server({ resources: { limits: { memory: '400Mi' } } }));
    const { reason, seen } = await untilCause('bad-release');
    expect(reason).toContain('The quota compute allows no more pods: limits.memory=400Mi is asked for');
    expect(seen.differences).toEqual([{ what: 'resources', text: 'limit of server for memory: 128Mi → 400Mi' }]);
  });
});

describe('what a release refers to, on a real API server', () => {
  it('is looked for without a value of it being read, with what is missing of it and who changed it when', async () => {
    const { namespace } = target;
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'there' }, data: { A: SECRET } } });
    await core.createNamespacedSecret({ namespace, body: { metadata: { name: 'key' }, stringData: { token: SECRET } } });
    await running();
    const env = [
      { name: 'A', valueFrom: { configMapKeyRef: { name: 'there', key: 'A' } } },
      { name: 'B', valueFrom: { configMapKeyRef: { name: 'there', key: 'B' } } },
      { name: 'C', valueFrom: { secretKeyRef: { name: 'key', key: 'token' } } },
      { name: 'D', value: SECRET },
    ];
    await releaseWith(
      server({ env, envFrom: [{ configMapRef: { name: 'gone' } }, { configMapRef: { name: 'perhaps', optional: true } }] }),
    );
    await until('its pods are asked for', async () => (await observe()).pods.some(({ ready }) => !ready));
    const { seen, context } = await look();
    const references = value(context.references);
    // Paramedic's own account may not read Secrets, so that nothing is known of them.
    expect(references.map(({ kind, name, exists, missingKeys }) => ({ kind, name, exists, missingKeys }))).toEqual([
      { kind: 'ConfigMap', name: 'there', exists: true, missingKeys: ['B'] },
      { kind: 'ConfigMap', name: 'gone', exists: false, missingKeys: [] },
    ]);
    expect(references[0]?.changedSecondsAgo).toBeLessThan(60);
    expect(references[0]?.changedBy).toEqual(expect.any(String));
    expect(seen.differences.map(({ what }) => what)).toEqual(Array(6).fill('environment'));
    expect(JSON.stringify([seen, context])).not.toContain(SECRET);
  });
});

describe('the bounds of memory, on a real API server', () => {
  it('are those of LimitRange and quota, read of what was OOM-killed alone', async () => {
    const { namespace } = target;
    const limits = [{ type: 'Container', max: { memory: '200Mi' } }];
    await core.createNamespacedLimitRange({ namespace, body: { metadata: { name: 'small' }, spec: { limits } } });
    await core.createNamespacedResourceQuota({
      namespace,
      body: { metadata: { name: 'all' }, spec: { hard: { 'limits.memory': '1Gi' } } },
    });
    await running();
    expect(value((await look()).context.memoryBounds)).toBeNull();
    await releaseWith({}, { annotations: { 'sandbox.paramedic.dev/needs-mi': '190' } });
    const { context } = await untilCause('memory-limit-too-low');
    expect(value(context.memoryBounds)).toMatchObject({
      container: { name: 'small', maxMi: 200 },
      pod: null,
      quotas: [{ name: 'all', of: 'limits', leftMi: expect.any(Number) }],
      autoscaler: null,
    });
    expect(value(context.memoryTrend)).toBeNull();
  });
});
