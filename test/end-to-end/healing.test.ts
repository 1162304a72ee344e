import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppsV1Api, CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import type { Outcome } from '../../incident/incident.ts';
import { bringUp, type Sandbox } from '../../sandbox/sandbox.ts';
import { killParamedic, startParamedic } from './paramedic-process.ts';

const NAMESPACE = 'models';

let folder: string;
let runbooks: string;
let sandbox: Sandbox;
let paramedic: ChildProcess;
let apps: AppsV1Api;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  runbooks = join(folder, 'runbooks');
  mkdirSync(runbooks);
  const quick = '\nsettleSeconds: 1\nattempts: { max: 3, backoffFirstSeconds: 1 }\nverify: { stableSeconds: 3, timeoutSeconds: 60 }\n';
  writeFileSync(
    join(runbooks, 'crash.yaml'),
    `name: crash\nfailureType: podCrash\nmatch: { alerts: [KubePodCrashLooping] }\nremedies: [restart, undoRelease]${quick}`,
  );
  writeFileSync(
    join(runbooks, 'memory.yaml'),
    `name: memory\nfailureType: outOfMemory\nmatch: { alerts: [KubeContainerOOMKilled] }\nremedies: [raiseMemory]${quick}`,
  );
  sandbox = await bringUp({ dataDir: join(folder, 'sandbox'), progress: (line) => process.stderr.write(`${line}\n`) });
  const config = new KubeConfig();
  config.loadFromFile(sandbox.addresses.kubeconfigPath);
  apps = config.makeApiClient(AppsV1Api);
  await config.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: NAMESPACE } } });
  connection = await Connection.connect({ address: sandbox.addresses.temporalAddress });
  client = new Client({ connection });
  paramedic = await startParamedic(sandbox.addresses, folder, runbooks);
}, 3_600_000);

afterAll(async () => {
  if (paramedic) await killParamedic(paramedic);
  await connection?.close();
  await sandbox?.down();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function deploy(name: string, { needsMi = 0, limit = '128Mi' } = {}): Promise<void> {
  const labels = { app: name };
  const container = { name: 'server', image: `${name}:1`, resources: { limits: { memory: limit } } };
  const template = {
    metadata: { labels, annotations: { 'sandbox.paramedic.dev/needs-mi': String(needsMi) } },
    spec: { containers: [container], automountServiceAccountToken: false },
  };
  await apps.createNamespacedDeployment({
    namespace: NAMESPACE,
    body: { metadata: { name }, spec: { replicas: 2, selector: { matchLabels: labels }, template } },
  });
}

async function release(name: string, image: string): Promise<void> {
  const body = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }];
  await apps.patchNamespacedDeployment({ namespace: NAMESPACE, name, body }, setHeaderOptions('Content-Type', PatchStrategy.JsonPatch));
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await holds()) return;
    await sleep(200);
  }
  throw new Error(`Within 80 s it did not happen that ${what}.`);
}

const deployment = (name: string) => apps.readNamespacedDeployment({ namespace: NAMESPACE, name });

/** How often Paramedic wrote to a Deployment, by the API server's own record. */
function writesByParamedic(name: string): number {
  const lines = readFileSync(sandbox.addresses.auditLogPath, 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ requestURI, verb, objectRef, responseStatus }) => {
      const ours =
        verb === 'patch' && requestURI.includes('fieldManager=paramedic') && !requestURI.includes('dryRun') && responseStatus.code < 300;
      return ours && objectRef.resource === 'deployments' && objectRef.name === name;
    }).length;
}

async function outcomeOf(workflowId: string): Promise<Outcome> {
  await until(`${workflowId} began`, () =>
    client.workflow
      .getHandle(workflowId)
      .describe()
      .then(
        () => true,
        () => false,
      ),
  );
  return client.workflow.getHandle(workflowId).result();
}

describe('on the real stack, from an alert that Prometheus fires', () => {
  it('a release that crashes is undone, once', async () => {
    await deploy('ranker');
    await until('ranker runs', async () => (await deployment('ranker')).status?.readyReplicas === 2);
    await release('ranker', 'ranker:2-broken');
    const outcome = await outcomeOf(`pod-crash/local/${NAMESPACE}/Deployment/ranker`);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'bad-release' }, reason: 'Healthy, and the alert is over.' });
    expect(outcome.actions.map(({ remedy }) => remedy)).toEqual(['undoRelease']);
    expect((await deployment('ranker')).spec?.template.spec?.containers[0]?.image).toBe('ranker:1');
    expect(writesByParamedic('ranker')).toBe(1);
  }, 180_000);

  it('a limit below the need is raised until it suffices, though Paramedic is killed on the way', async () => {
    await deploy('trainer', { needsMi: 200 });
    await until('Paramedic acted', async () => writesByParamedic('trainer') > 0);
    await killParamedic(paramedic);
    paramedic = await startParamedic(sandbox.addresses, folder, runbooks);
    const outcome = await outcomeOf(`out-of-memory/local/${NAMESPACE}/Deployment/trainer`);
    expect(outcome.kind).toBe('recovered');
    expect((await deployment('trainer')).spec?.template.spec?.containers[0]?.resources?.limits?.memory).toBe('256Mi');
    expect(writesByParamedic('trainer')).toBe(1);
  }, 180_000);
});
