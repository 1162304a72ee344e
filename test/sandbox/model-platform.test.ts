import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppsV1Api, CoreV1Api, KubeConfig, type V1ContainerStatus, type V1Pod } from '@kubernetes/client-node';
import { bringUp, type Sandbox } from '../../sandbox/sandbox.ts';
import { registerBrokenVersion, registerGoodVersion } from '../../sandbox/seed-models.ts';
import { until as untilWithin } from '../until.ts';
import { isFiring } from './alerts.ts';
import { inferenceServices } from './inference-services.ts';

const NAMESPACE = 'default';
/** When the controller manager takes a node without a lease for lost, and some time. */
const LOST_NODE_MS = 75_000;

let folder: string;
let sandbox: Sandbox;
let services: ReturnType<typeof inferenceServices>;
let core: CoreV1Api;
let apps: AppsV1Api;
let steadySince: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-models-'));
  sandbox = await bringUp({
    dataDir: folder,
    without: ['temporal', 'alertmanager'],
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  services = inferenceServices(sandbox.addresses.kubeconfigPath, NAMESPACE);
  const config = new KubeConfig();
  config.loadFromFile(sandbox.addresses.kubeconfigPath);
  core = config.makeApiClient(CoreV1Api);
  apps = config.makeApiClient(AppsV1Api);
  await deploy('steady', 'steady:1');
  steadySince = Date.now();
}, 3_600_000);

afterAll(async () => {
  await sandbox?.down();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const until = (what: string, holds: () => Promise<boolean>) => untilWithin(what, holds, 200, 60_000);

const fires = (labels: Readonly<Record<string, string>>) => isFiring(sandbox.addresses.prometheusUrl, labels);

async function pods(selector: string): Promise<V1Pod[]> {
  return (await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: selector })).items;
}

async function deploy(
  name: string,
  image: string,
  memory: { needsMi: number; limit: string } = { needsMi: 0, limit: '128Mi' },
): Promise<void> {
  const labels = { app: name };
  const annotations = { 'sandbox.paramedic.dev/needs-mi': String(memory.needsMi) };
  const container = { name: 'server', image, resources: { limits: { memory: memory.limit } } };
  const template = { metadata: { labels, annotations }, spec: { containers: [container], automountServiceAccountToken: false } };
  const spec = { replicas: 2, selector: { matchLabels: labels }, template };
  await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: { metadata: { name }, spec } });
}

async function containers(name: string): Promise<V1ContainerStatus[]> {
  return (await pods(`app=${name}`)).flatMap(({ status }) => status?.containerStatuses ?? []);
}

describe('a simulated node', () => {
  it('restarts the container of a broken image again and again', async () => {
    await deploy('crasher', 'crasher:2-broken');
    const restarted = (times: number) => async () => {
      const found = await containers('crasher');
      return found.length === 2 && found.every(({ restartCount }) => restartCount >= times);
    };
    await until('each container was restarted twice', restarted(2));
    await until('one waits to be restarted', async () => (await containers('crasher')).some(({ state }) => state?.waiting !== undefined));
    const [waiting] = (await containers('crasher')).filter(({ state }) => state?.waiting !== undefined);
    expect(waiting).toMatchObject({
      ready: false,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { reason: 'Error', exitCode: 1 } },
    });
    const events = (await core.listNamespacedEvent({ namespace: NAMESPACE })).items.filter(({ reason }) => reason === 'BackOff');
    expect(events.map(({ involvedObject }) => involvedObject.name)).toContain((await pods('app=crasher'))[0]?.metadata?.name);
  }, 90_000);

  it('lets no restart of a pod heal a broken image', async () => {
    const before = (await pods('app=crasher')).map(({ metadata }) => metadata!.name!);
    for (const name of before) await core.deleteNamespacedPod({ namespace: NAMESPACE, name });
    await until('the pods are new ones', async () =>
      (await pods('app=crasher')).every(({ metadata }) => !before.includes(metadata!.name!)),
    );
    const looping = ({ state }: V1ContainerStatus) => state?.waiting?.reason === 'CrashLoopBackOff';
    await until('both crash again', async () => (await containers('crasher')).filter(looping).length === 2);
  }, 90_000);

  it.each([
    { name: 'too-small', limit: '1Gi', needsMi: 1025 },
    { name: 'too-small-too', limit: '512Mi', needsMi: 513 },
  ])(
    'kills a container that needs $needsMi Mi with a limit of $limit',
    async ({ name, limit, needsMi }) => {
      await deploy(name, `${name}:1`, { needsMi, limit });
      await until('it fires', () => fires({ alertname: 'KubeContainerOOMKilled' }));
      const terminations = (await containers(name)).map(({ lastState, state }) => (lastState?.terminated ?? state?.terminated)?.reason);
      expect(terminations).toEqual(['OOMKilled', 'OOMKilled']);
      await apps.deleteNamespacedDeployment({ namespace: NAMESPACE, name });
      await until('it is over', async () => !(await fires({ alertname: 'KubeContainerOOMKilled' })));
    },
    90_000,
  );

  it('runs a container that needs no more than its limit', async () => {
    await deploy('just-right', 'just-right:1', { needsMi: 1024, limit: '1Gi' });
    await until('it is ready', async () => (await containers('just-right')).filter(({ ready }) => ready).length === 2);
  }, 90_000);
});

describe('an InferenceService', () => {
  it('becomes ready with a model that loads', async () => {
    await services.create('ranker', 's3://sandbox-models/ranker/1');
    await until('it is ready', () => services.isReady('ranker'));
  }, 90_000);

  it.each([
    { uri: 's3://sandbox-models/ranker/2-broken', container: 'kserve-container' },
    { uri: 's3://sandbox-models/ranker/3-missing', container: 'storage-initializer' },
  ])(
    'that is to serve $uri fires its alert until it serves a good one again',
    async ({ uri, container }) => {
      const alert = { alertname: 'KServeInferenceServiceNotReady', namespace: NAMESPACE, inferenceservice: 'ranker', severity: 'critical' };
      expect(await fires(alert)).toBe(false);
      await services.serve('ranker', uri);
      await until('its alert fires', () => fires(alert));
      await until("its pod's alert fires", () => fires({ alertname: 'KubePodCrashLooping', namespace: NAMESPACE, container }));
      // Past more than one restart, the alert must still stand.
      await pause(15_000);
      expect(await fires(alert)).toBe(true);
      // KServe itself goes on saying that all is well, while pods of the earlier version serve.
      expect([await services.isReady('ranker'), await services.transition('ranker')]).toEqual([true, 'UpToDate']);
      await services.serve('ranker', 's3://sandbox-models/ranker/1');
      await until('its alert is over', async () => !(await fires(alert)));
      await until("its pod's alert is over", async () => !(await fires({ alertname: 'KubePodCrashLooping', container })));
    },
    180_000,
  );

  it('whose first version does not load fires its alert, too', async () => {
    await services.create('newcomer', 's3://sandbox-models/newcomer/1-broken');
    await until('its alert fires', () => fires({ alertname: 'KServeInferenceServiceNotReady', inferenceservice: 'newcomer' }));
    expect(await services.isReady('newcomer')).toBe(false);
  }, 90_000);
});

describe('the model registry', () => {
  it('has a proven version, and a newer one in production that is broken', async () => {
    const { mlflowUrl } = sandbox.addresses;
    const good = await registerGoodVersion(mlflowUrl, 'churn');
    const broken = await registerBrokenVersion(mlflowUrl, 'churn');
    expect(good).toEqual({ model: 'churn', version: '1', storageUri: 's3://sandbox-models/churn/1' });
    expect(broken).toEqual({ model: 'churn', version: '2', storageUri: 's3://sandbox-models/churn/2-broken' });
    const read = async (path: string) => (await fetch(`${mlflowUrl}/api/2.0/mlflow/${path}`)).json();
    expect(await read('registered-models/get?name=churn')).toMatchObject({
      registered_model: {
        aliases: expect.arrayContaining([
          { alias: 'last-known-good', version: '1' },
          { alias: 'production', version: '2' },
        ]),
      },
    });
    expect(await read('model-versions/get?name=churn&version=1')).toMatchObject({
      model_version: {
        tags: expect.arrayContaining([
          { key: 'paramedic.storage_uri', value: 's3://sandbox-models/churn/1' },
          { key: 'validation_status', value: 'passed' },
        ]),
      },
    });
  });

  it('keeps what it was told when it is restarted', async () => {
    const { mlflowUrl } = sandbox.addresses;
    const { version } = await registerGoodVersion(mlflowUrl, 'lasting');
    await sandbox.kill('mlflow');
    await sandbox.start('mlflow');
    expect((await fetch(`${mlflowUrl}/api/2.0/mlflow/model-versions/get?name=lasting&version=${version}`)).status).toBe(200);
  }, 90_000);
});

// At the end, for the time has mostly passed by then.
describe('a pod of a simulated node', () => {
  it('stays ready for longer than a lost node would be given', async () => {
    await pause(Math.max(0, steadySince + LOST_NODE_MS - Date.now()));
    const readiness = (await pods('app=steady')).map(({ status }) => status?.conditions?.find(({ type }) => type === 'Ready')?.status);
    expect(readiness).toEqual(['True', 'True']);
  }, 90_000);
});
