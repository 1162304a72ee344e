import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CoreV1Api, CustomObjectsApi } from '@kubernetes/client-node';
import type { Cluster } from '../../clients/cluster.ts';
import { Refused, TargetChanged } from '../../clients/failures.ts';
import { kubernetesCluster } from '../../clients/kubernetes/cluster.ts';
import { confirmRollback } from '../../clients/registries/confirm-rollback.ts';
import { mlflowRegistry } from '../../clients/registries/mlflow.ts';
import type { ModelRegistry } from '../../clients/registries/model-registry.ts';
import { markPromotions } from '../../clients/registries/promotions.ts';
import { NO_SYSTEMS } from '../../clients/systems.ts';
import { healthOf } from '../../diagnosis/health.ts';
import { type Change, inverse } from '../../incident/change.ts';
import type { ModelServerEvidence } from '../../incident/evidence.ts';
import type { Target } from '../../incident/target.ts';
import { registerBrokenVersion, registerGoodVersion } from '../../sandbox/seed-models.ts';
import { simulatedInferenceService } from '../../sandbox/simulated-workloads.ts';
import { until } from '../until.ts';
import { openRealCluster, type RealCluster } from './real-cluster.ts';

const NAMESPACE = 'models';
const ALIASES = { lastKnownGoodAlias: 'last-known-good', servingAlias: 'production' };
jest.setTimeout(120_000);

let real: RealCluster;
let mlflowUrl: string;
let registry: ModelRegistry;
let model: string;
let numbers = 0;

beforeAll(async () => {
  real = await openRealCluster('kserve', 'mlflow');
  mlflowUrl = real.sandbox.addresses.mlflowUrl;
  registry = mlflowRegistry({ url: mlflowUrl, credentials: null });
}, 3_600_000);

afterAll(() => real?.leave(), 60_000);

beforeEach(() => {
  model = `churn-${++numbers}`;
});

async function mlflow(path: string, body: object): Promise<void> {
  const answer = await fetch(`${mlflowUrl}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

describe('the MLflow registry', () => {
  it('does not know a model that is not registered', async () => {
    expect(await registry.readModel(model)).toBeNull();
  });

  it('tells versions newest first, with the address a model server could load, and none where only MLflow could', async () => {
    const good = await registerGoodVersion(mlflowUrl, model);
    await mlflow('model-versions/create', { name: model, source: 'gs://bucket/plain' });
    await mlflow('model-versions/create', { name: model, source: 'dbfs:/models/3' });
    const read = await registry.readModel(model);
    expect(read?.aliases).toEqual({ production: '1', 'last-known-good': '1' });
    expect(read?.versions.map(({ version, storageUri, validated }) => ({ version, storageUri, validated }))).toEqual([
      { version: '3', storageUri: null, validated: false },
      { version: '2', storageUri: 'gs://bucket/plain', validated: false },
      { version: '1', storageUri: good.storageUri, validated: true },
    ]);
  });

  it('confirms a rollback once: quarantines the bad version, moves the serving alias, and changes nothing more the second time', async () => {
    const good = await registerGoodVersion(mlflowUrl, model);
    const bad = await registerBrokenVersion(mlflowUrl, model);
    const confirmation = {
      registry: 'mlflow',
      model,
      good: good.version,
      bad: bad.version,
      incident: 'outage/x',
      ...ALIASES,
    };
    expect(await confirmRollback(registry, confirmation)).toEqual([
      `Version 2 of ${model} is quarantined.`,
      `Alias production of ${model} is moved to version 1 from 2.`,
    ]);
    expect(await confirmRollback(registry, confirmation)).toEqual([]);
    const read = await registry.readModel(model);
    expect(read?.aliases).toEqual({ production: '1', 'last-known-good': '1' });
    expect(read?.versions.map(({ quarantined }) => quarantined)).toEqual([true, false]);
  });

  it('leaves the serving alias where a person has moved it meanwhile', async () => {
    const good = await registerGoodVersion(mlflowUrl, model);
    const bad = await registerBrokenVersion(mlflowUrl, model);
    await mlflow('model-versions/create', { name: model, source: 's3://bucket/3' });
    await mlflow('registered-models/alias', { name: model, alias: 'production', version: '3' });
    await confirmRollback(registry, { registry: 'mlflow', model, good: good.version, bad: bad.version, incident: 'x', ...ALIASES });
    expect((await registry.readModel(model))?.aliases.production).toBe('3');
  });

  it('freezes promotions once, tells who and why, and thaws only what it was asked to thaw', async () => {
    await registerGoodVersion(mlflowUrl, model);
    const text = "by anna at 2026-03-01T10:00:00.000Z: the schema changed (data-quality/x), and it's odd";
    const freeze = { kind: 'promotions', registry: 'mlflow', model, from: null, to: text } as const;
    const registries = new Map([['mlflow', registry]]);
    const set = (change: Partial<Parameters<typeof markPromotions>[1]>) =>
      markPromotions(registries, { ...freeze, ...change }, { key: 'k', dryRun: false });
    expect((await registry.readModel(model))?.promotionFreeze).toBeNull();
    expect(await set({})).toBe('applied');
    expect((await registry.readModel(model))?.promotionFreeze).toBe(text);
    expect(await set({})).toBe('alreadyApplied');
    await expect(set({ to: 'by ben' })).rejects.toThrow(TargetChanged);
    await expect(set({ from: 'by ben', to: null })).rejects.toThrow(TargetChanged);
    expect((await registry.readModel(model))?.promotionFreeze).toBe(text);
    expect(await set({ from: text, to: null })).toBe('applied');
    expect(await set({ from: text, to: null })).toBe('alreadyApplied');
    expect((await registry.readModel(model))?.promotionFreeze).toBeNull();
    await expect(set({ model: 'nothing' })).rejects.toThrow(Refused);
  });

  it('moves an alias of a model whose promotions are frozen back, and never forward', async () => {
    const good = await registerGoodVersion(mlflowUrl, model);
    const bad = await registerBrokenVersion(mlflowUrl, model);
    await registry.mark(model, { kind: 'promotionFreeze', to: 'by anna' });
    const confirm = { registry: 'mlflow', model, incident: 'x', ...ALIASES };
    expect(await confirmRollback(registry, { ...confirm, good: bad.version, bad: good.version })).toEqual([
      `Version 1 of ${model} is quarantined.`,
    ]);
    await mlflow('registered-models/alias', { name: model, alias: 'production', version: '1' });
    expect(await confirmRollback(registry, { ...confirm, good: bad.version, bad: good.version })).toEqual([
      `Alias production of ${model} is left as it is, since its promotions are frozen: by anna`,
    ]);
    await mlflow('registered-models/alias', { name: model, alias: 'production', version: '2' });
    expect(await confirmRollback(registry, { ...confirm, good: good.version, bad: bad.version })).toContain(
      `Alias production of ${model} is moved to version 1 from 2.`,
    );
  });

  it('refuses to confirm a model it does not know', async () => {
    await expect(confirmRollback(registry, { registry: 'mlflow', model, good: '1', bad: '2', incident: 'x', ...ALIASES })).rejects.toThrow(
      Refused,
    );
  });
});

describe('a registry that cannot be read', () => {
  let server: Server;
  let answer: { code: number; body: string };
  let url: string;

  beforeAll(async () => {
    server = createServer((_request, response) => response.writeHead(answer.code, { 'content-type': 'text/html' }).end(answer.body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const read = () => mlflowRegistry({ url, credentials: { kind: 'basic', username: 'u', password: 'hunter2hunter2' } }).readModel(model);

  it('is refused for good when the credentials are wrong, though the answer is a page', async () => {
    answer = { code: 401, body: 'You are not authenticated.' };
    await expect(read()).rejects.toThrow(Refused);
    await expect(read()).rejects.toThrow('MLflow does not know us: check PARAMEDIC_MLFLOW_TOKEN, ');
  });

  it('is asked again when it is merely overloaded', async () => {
    answer = { code: 503, body: '<html>' };
    await expect(read()).rejects.not.toThrow(Refused);
  });

  it('is named, without its credentials, when nobody answers (safety 34)', async () => {
    const away = mlflowRegistry({ url: 'http://127.0.0.1:1', credentials: { kind: 'bearer', token: 'hunter2hunter2' } });
    const error = await away.readModel(model).catch((one: Error) => one.message);
    expect(error).toMatch(/^Cannot reach MLflow at http:\/\/127\.0\.0\.1:1: /);
    expect(error).not.toContain('hunter2');
  });
});

describe('an InferenceService', () => {
  const where = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices', namespace: NAMESPACE };
  let objects: CustomObjectsApi;
  let cluster: Cluster;
  let target: Target;

  beforeAll(async () => {
    objects = real.admin.makeApiClient(CustomObjectsApi);
    await real.admin.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: NAMESPACE } } });
    cluster = kubernetesCluster(real.ours, { ...NO_SYSTEMS, registries: new Map([['mlflow', registry]]) });
  });

  beforeEach(async () => {
    target = { cluster: 'test', namespace: NAMESPACE, kind: 'InferenceService', name: model };
  });

  const observe = async () => (await cluster.observe(target)) as ModelServerEvidence;

  async function serving(): Promise<{ seen: ModelServerEvidence; change: Change }> {
    const good = await registerGoodVersion(mlflowUrl, model);
    await objects.createNamespacedCustomObject({ ...where, body: simulatedInferenceService(model, model, good.storageUri) });
    await until('it serves', async () => healthOf(await observe()).kind === 'recovered');
    const seen = await observe();
    const to = { version: '2', address: 's3://bucket/2' };
    return { seen, change: { kind: 'modelVersion', model, registry: 'mlflow', from: { version: '1', address: good.storageUri }, to } };
  }

  it('is seen with what its pods really serve, and with its model in the registry', async () => {
    const { seen } = await serving();
    expect(seen).toMatchObject({
      ready: true,
      served: { serving: [`s3://sandbox-models/${model}/1`], registry: { kind: 'read', model: { name: model } } },
      workload: { replicasReady: 2 },
    });
    expect(await cluster.topmostOwner(NAMESPACE, 'Pod', seen.workload!.pods[0]!.name)).toEqual({ kind: 'InferenceService', name: model });
    expect(await cluster.topmostOwner(NAMESPACE, 'InferenceService', 'nobody')).toBeNull();
  });

  it('is changed to another version once under one key, and back only from that version (safety 1, 17)', async () => {
    const { seen, change } = await serving();
    expect(await cluster.apply(target, change, seen, { key: 'k1', dryRun: false })).toBe('applied');
    expect(await cluster.apply(target, change, seen, { key: 'k1', dryRun: false })).toBe('alreadyApplied');
    expect((await observe()).served.wanted).toBe('s3://bucket/2');
    const bound = { uid: seen.uid, generation: null };
    expect(await cluster.apply(target, inverse(change)!, bound, { key: 'k1/undo', dryRun: false })).toBe('applied');
    await expect(cluster.apply(target, inverse(change)!, bound, { key: 'k2/undo', dryRun: false })).rejects.toThrow(TargetChanged);
    expect((await observe()).served.wanted).toBe(`s3://sandbox-models/${model}/1`);
  });

  it('says why its model is not known when it does not name one', async () => {
    const unnamed = simulatedInferenceService(model, model, 's3://bucket/1');
    await objects.createNamespacedCustomObject({ ...where, body: { ...unnamed, metadata: { name: model } } });
    expect((await observe()).served.registry).toEqual({
      kind: 'absent',
      reason: `The InferenceService ${NAMESPACE}/${model} has no annotation paramedic.dev/model that names its registered model.`,
    });
  });
});
