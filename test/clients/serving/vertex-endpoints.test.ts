import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Cluster } from '../../../clients/cluster.ts';
import { Refused, TargetChanged, TargetGone, TryLater } from '../../../clients/failures.ts';
import { withOutside } from '../../../clients/outside.ts';
import { vertexRegistry } from '../../../clients/registries/vertex.ts';
import { servedModelReader } from '../../../clients/serving/served-model.ts';
import { Endpoint } from '../../../clients/serving/vertex-endpoint-seen.ts';
import { vertexEndpoints } from '../../../clients/serving/vertex-endpoints.ts';
import { predictionUrl } from '../../../clients/serving/vertex-predict.ts';
import { healthOf } from '../../../diagnosis/health.ts';
import { type Change, inverse } from '../../../incident/change.ts';
import type { ModelServerEvidence } from '../../../incident/evidence.ts';
import { GoldenRequest } from '../../../incident/golden-request.ts';
import { rollBackModel } from '../../../remedies/roll-back-model.ts';
import { remedyLimits } from '../../remedy-limits.ts';
import { accessTo, googleFailure, TOKEN } from '../../vendors/google.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { tellsTroubles } from '../../vendors/troubles.ts';
import { vertexDouble } from '../../vendors/vertex/double.ts';
import type { VertexDouble } from '../../vendors/vertex/held.ts';

const target = { cluster: 'test', namespace: 'vertex-ai', kind: 'VertexEndpoint', name: 'e1' } as const;
const MODEL = 'projects/ml-prod/locations/europe-west4/models/7';
const ACT = { key: 'k1', dryRun: false };
const UNDO = { key: 'k1/undo', dryRun: false, undoes: 'k1' };

let double: VertexDouble;
let server: Recorder;
beforeAll(async () => {
  server = await record((request, headers) => double.answer(request, headers));
});
afterAll(() => server.close());
beforeEach(() => {
  double = vertexDouble();
  server.suffer(null);
  server.begin();
});

function endpoints(answerMsMax = 30_000) {
  const access = accessTo(server.url, { answerMsMax });
  return vertexEndpoints(access, servedModelReader({ registries: new Map([['vertex', vertexRegistry(access)]]), records: null }));
}

const see = async () => (await endpoints().observe(target)) as ModelServerEvidence;
const asked = () => [...server.steps.values()].flat();
const writes = () =>
  asked().flatMap(({ method, path, query }) =>
    method === 'GET' ? [] : [`${method} ${path.split('/').at(-1)} ${query.updateMask ?? ''}`.trim()],
  );

async function planned(): Promise<{ change: Extract<Change, { kind: 'modelVersion' }>; seen: ModelServerEvidence }> {
  const seen = await see();
  const plan = rollBackModel(seen.served, remedyLimits().model);
  if (plan.kind === 'unusable' || plan.change.kind !== 'modelVersion') throw new Error('It cannot be planned.');
  return { change: plan.change, seen };
}

/** What an undo is asked for, once the act was done. */
const back = ({ change, seen }: Awaited<ReturnType<typeof planned>>) =>
  endpoints().apply(target, inverse(change) as typeof change, { uid: seen.uid, generation: null }, UNDO);

describe('an endpoint of Vertex AI', () => {
  it('is seen with what has its traffic, what has most of it, and its model in the registry', async () => {
    double.endpoint.trafficSplit = { '111': 90, '222': 10 };
    const seen = await see();
    expect(seen).toMatchObject({
      ready: true,
      served: { model: '7', wanted: `${MODEL}@1`, serving: [`${MODEL}@1`, `${MODEL}@2`], registry: { kind: 'read' } },
      traffic: 'requests are split: 90 % to version 1, 10 % to version 2',
    });
    expect(healthOf(seen).kind).toBe('notRecovered');
    double.endpoint.trafficSplit = { '222': 100 };
    expect(healthOf(await see()).kind).toBe('recovered');
    double.endpoint.trafficSplit = {};
    expect(await see()).toMatchObject({ ready: false, served: { wanted: null, serving: [] } });
  });

  it('has no registry for a model of another project, though it has a model of that id', async () => {
    double.endpoint.deployedModels[1]!.model = 'projects/other/locations/europe-west4/models/7';
    expect((await see()).served).toMatchObject({
      model: 'vertex-ai/e1',
      wanted: 'projects/other/locations/europe-west4/models/7@2',
      registry: { kind: 'absent' },
    });
  });

  it('says by lines of its description what others say by annotations', async () => {
    const golden = { protocol: 'v1', body: { instances: [[1]] } };
    double.endpoint.description = `Who leaves us.\nparamedic.dev/golden-request: ${JSON.stringify(golden)}\nparamedic.dev/model: churn\n`;
    expect((await see()).served).toMatchObject({ model: 'churn', golden: { kind: 'read', value: golden } });
    double.endpoint.description = 'paramedic.dev/golden-request: {"protocol":"v9"}';
    expect((await see()).served.golden).toMatchObject({
      kind: 'unreadable',
      what: 'annotation paramedic.dev/golden-request of the endpoint e1',
    });
  });

  it('finds its model in the registry though Vertex AI writes the number of the project', async () => {
    double.endpoint.name = 'projects/4711/locations/europe-west4/endpoints/e1';
    expect((await see()).served.model).toBe('7');
    double.endpoint.deployedModels[1]!.model = 'projects/4711/locations/europe-west4/models/7';
    expect((await see()).served).toMatchObject({ model: '7', wanted: 'projects/4711/locations/europe-west4/models/7@2' });
  });

  it('is gone where it does not exist, and is nobody’s target then', async () => {
    await expect(endpoints().observe({ ...target, name: 'e9' })).rejects.toThrow(
      new TargetGone('The Vertex AI endpoint e9 does not exist.'),
    );
    expect(await endpoints().topmost('e9')).toBeNull();
    expect(await endpoints().topmost('e1')).toEqual({ kind: 'VertexEndpoint', name: 'e1' });
  });

  it('is listed with the others', async () => {
    expect(await endpoints().list?.()).toEqual(['e1']);
  });

  it('opts out by a label', async () => {
    expect(await endpoints().optOut(target)).toBeNull();
    double.endpoint.labels = { paramedic: 'off' };
    expect(await endpoints().optOut(target)).toBe('the label paramedic=off');
  });
});

describe('a version that is still deployed at an endpoint', () => {
  it('gets all the traffic and leaves the key in one write, on condition of the etag, and once (safety 1)', async () => {
    const { change, seen } = await planned();
    expect(change).toMatchObject({ from: { version: '2' }, to: { version: '1', address: `${MODEL}@1` } });
    expect(await endpoints().apply(target, change, seen, { ...ACT, dryRun: true })).toBe('applied');
    expect(writes()).toEqual([]);
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('applied');
    expect(asked().find(({ method }) => method === 'PATCH')?.body).toEqual({
      trafficSplit: { '111': 100 },
      labels: { team: 'ml', 'paramedic-act': expect.stringMatching(/^paramedic-[0-9a-f]{20}$/) },
      etag: 'etag-0',
    });
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    expect(writes()).toEqual(['PATCH e1 trafficSplit,labels']);
    expect(healthOf(await see())).toMatchObject({ kind: 'recovered' });
    expect((await see()).served.serving).toEqual([`${MODEL}@1`]);
  });

  it('is not given the traffic again where somebody took it away after the act', async () => {
    const { change, seen } = await planned();
    await endpoints().apply(target, change, seen, ACT);
    double.endpoint.trafficSplit = { '222': 100 };
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    expect(double.endpoint.trafficSplit).toEqual({ '222': 100 });
  });

  it('has it already where somebody else was faster', async () => {
    const { change, seen } = await planned();
    double.endpoint.trafficSplit = { '111': 100 };
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    expect(writes()).toEqual([]);
  });

  it('gives back exactly the split that was, if that did not help (safety 17)', async () => {
    double.endpoint.trafficSplit = { '111': 30, '222': 70 };
    const plan = await planned();
    await endpoints().apply(target, plan.change, plan.seen, ACT);
    expect(await back(plan)).toBe('applied');
    expect(double.endpoint.trafficSplit).toEqual({ '111': 30, '222': 70 });
    expect(await back(plan)).toBe('alreadyApplied');
  });

  it('gives nothing back once somebody else has changed the endpoint (safety 26)', async () => {
    const plan = await planned();
    await endpoints().apply(target, plan.change, plan.seen, ACT);
    double.endpoint.trafficSplit = { '111': 60, '222': 40 };
    await expect(back(plan)).rejects.toThrow(
      new TargetChanged(`The Vertex AI endpoint e1 was changed by somebody else since; it serves ${MODEL}@1 and ${MODEL}@2.`),
    );
    double.endpoint.trafficSplit = { '111': 100 };
    double.endpoint.labels = {};
    await expect(back(plan)).rejects.toThrow('was changed by somebody else since');
  });

  it('gets nothing once somebody else has changed the endpoint, before the look or within the write (safety 13)', async () => {
    const { change, seen } = await planned();
    double.touch();
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow(
      new TargetChanged('The Vertex AI endpoint e1 changed since it was looked at.'),
    );
    const again = await planned();
    const beforeWrite = async () => double.touch();
    await expect(endpoints().apply(target, again.change, again.seen, { ...ACT, beforeWrite })).rejects.toThrow(
      new TargetChanged('The Vertex AI endpoint e1 changed meanwhile: The etag does not match.'),
    );
    expect(double.endpoint.trafficSplit).toEqual({ '222': 100, '111': 0 });
  });

  it('gets nothing where another version serves already, somebody is deploying, or the endpoint was made anew', async () => {
    const { change, seen } = await planned();
    double.operations.push({ name: 'operations/9', done: false });
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow(
      new TargetChanged('The Vertex AI endpoint e1 is being changed by somebody else: operations/9.'),
    );
    double.operations.length = 0;
    double.endpoint.trafficSplit = { '333': 100 };
    double.endpoint.deployedModels.push({ id: '333', model: MODEL, modelVersionId: '3', createTime: '2026-01-03T00:00:00Z' });
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow(/serves .*@3 now, and not mostly .*@2/);
    await expect(endpoints().apply(target, change, { ...seen, uid: 'another' }, ACT)).rejects.toThrow('was deleted and made anew');
    expect(writes()).toEqual([]);
  });

  it('gets nothing where what is asked before the write forbids it', async () => {
    const { change, seen } = await planned();
    const beforeWrite = () => Promise.reject(new TargetChanged('The permit is void.'));
    await expect(endpoints().apply(target, change, seen, { ...ACT, beforeWrite })).rejects.toThrow('The permit is void.');
    expect(writes()).toEqual([]);
  });

  it('is refused with the permission that is missing', async () => {
    const { change, seen } = await planned();
    server.suffer({ kind: 'failing', status: 403, body: {} }, ({ method }) => method === 'PATCH');
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow(
      'Vertex AI does not allow it: aiplatform.endpoints.update is missing.',
    );
  });
});

describe('a version that is not deployed at an endpoint any more', () => {
  beforeEach(() => {
    double.endpoint.deployedModels.shift();
    double.endpoint.trafficSplit = { '222': 100 };
  });

  it('is deployed with what the failing one has, with all the traffic, and no second time while that lasts or after', async () => {
    const { change, seen } = await planned();
    expect(await endpoints().apply(target, change, seen, { ...ACT, dryRun: true })).toBe('applied');
    expect(writes()).toEqual([]);
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('applied');
    expect(writes()).toEqual(['PATCH e1 labels', 'POST e1:deployModel']);
    expect(asked().at(-1)?.body).toEqual({
      deployedModel: {
        id: expect.stringMatching(/^\d{10}$/),
        model: `${MODEL}@1`,
        displayName: 'churn',
        dedicatedResources: { machineSpec: { machineType: 'n1-standard-4' }, minReplicaCount: 1, maxReplicaCount: 2 },
        serviceAccount: 'server@ml-prod.iam.gserviceaccount.com',
      },
      trafficSplit: { '0': 100 },
    });
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    expect(healthOf(await see()).kind).toBe('recovered');
    double.finishDeploying();
    expect((await see()).served).toMatchObject({ wanted: `${MODEL}@1`, serving: [`${MODEL}@1`] });
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    expect(writes()).toHaveLength(2);
  });

  it('is deployed with what it had when it was seen healthy, where that is known', async () => {
    const { change, seen } = await planned();
    const settings = { deployedWith: JSON.stringify({ sharedResources: 'pools/gpu' }) };
    await endpoints().apply(target, { ...change, to: { ...change.to, settings } }, seen, ACT);
    expect(asked().at(-1)?.body).toMatchObject({ deployedModel: { model: `${MODEL}@1`, sharedResources: 'pools/gpu' } });
    expect(asked().at(-1)?.body).not.toMatchObject({ deployedModel: { dedicatedResources: expect.anything() } });
  });

  it('is deployed all the same where whoever began it was stopped after the key was written', async () => {
    const { change, seen } = await planned();
    server.suffer({ kind: 'down' }, ({ path }) => path.endsWith(':deployModel'));
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow('Cannot reach Vertex AI');
    server.suffer(null);
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('applied');
    expect(writes()).toEqual(['PATCH e1 labels', 'POST e1:deployModel', 'POST e1:deployModel']);
    expect(double.operations).toHaveLength(1);
  });

  it('is not deployed once more where the answer to the deployment was lost', async () => {
    const { change, seen } = await planned();
    server.suffer({ kind: 'malformed' }, ({ path }) => path.endsWith(':deployModel'));
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow('what is no JSON');
    double.operations.push({ name: 'operations/1', done: false });
    server.suffer(null);
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    expect(writes()).toHaveLength(2);
    server.suffer({ ...googleFailure(409, 'ALREADY_EXISTS', 'there'), kind: 'failing', status: 409 }, ({ path }) =>
      path.endsWith(':deployModel'),
    );
    double.operations.length = 0;
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('applied');
  });

  it('is called off where it is to be taken back before it is up, so that it does not come afterwards', async () => {
    const plan = await planned();
    await endpoints().apply(target, plan.change, plan.seen, ACT);
    const later = await back(plan).catch((error) => error);
    expect(later).toBeInstanceOf(TryLater);
    expect(later.message).toBe(
      'The Vertex AI endpoint e1 is being brought to another version, which is called off; it is looked at again.',
    );
    expect(double.operations[0]).toMatchObject({ done: true });
    expect(await back(plan)).toBe('alreadyApplied');
  });

  it('is taken back once it is up', async () => {
    const plan = await planned();
    await endpoints().apply(target, plan.change, plan.seen, ACT);
    double.finishDeploying();
    expect(await back(plan)).toBe('applied');
    expect(double.endpoint.trafficSplit).toEqual({ '222': 100 });
  });

  it('is refused with what is missing: a permission, a quota, or what it could be deployed with', async () => {
    const { change, seen } = await planned();
    const isDeploy = ({ path }: { path: string }) => path.endsWith(':deployModel');
    server.suffer({ kind: 'failing', status: 403, body: {} }, isDeploy);
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow(
      'Vertex AI does not allow it: aiplatform.endpoints.deploy, or aiplatform.models.get on the model, is missing.',
    );
    server.suffer({ ...googleFailure(429, 'RESOURCE_EXHAUSTED', 'no GPU left'), kind: 'failing', status: 429 }, isDeploy);
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow(TryLater);
    server.suffer({ ...googleFailure(400, 'FAILED_PRECONDITION', 'other region'), kind: 'failing', status: 400 }, isDeploy);
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow(/400 FAILED_PRECONDITION .*other region/);
  });

  it('is refused where nothing says on what it could run', async () => {
    double.endpoint.deployedModels = [{ id: '222', model: MODEL, modelVersionId: '2' }];
    const { change, seen } = await planned();
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow(
      new Refused(`The Vertex AI endpoint e1 shows no resources with which ${MODEL}@1 could be deployed.`),
    );
    expect(writes()).toEqual([]);
  });
});

describe('the golden request of an endpoint', () => {
  const golden = GoldenRequest.parse({ protocol: 'v1', body: { instances: [[1]] }, expect: [{ at: '/predictions/0', min: 0.6 }] });
  const ask = async (change: Partial<GoldenRequest> = {}) => endpoints().ask!(target, await see(), { ...golden, ...change });
  const isPredict = ({ path }: { path: string }) => path.endsWith(':predict');

  it('is judged by what is answered', async () => {
    expect(await ask()).toMatchObject({ kind: 'answered', by: 1 });
    expect(await ask({ expect: [{ at: '/predictions/0', min: 0.9 }] })).toMatchObject({
      kind: 'wrong',
      why: 'it answers 0.7 at /predictions/0, less than 0.9',
    });
    server.suffer({ ...googleFailure(500, 'INTERNAL', 'boom'), kind: 'failing', status: 500 }, isPredict);
    expect(await ask()).toEqual({ kind: 'wrong', by: 'endpoint e1', why: 'it answers 500: boom' });
  });

  it('is wrong where the answer is late', async () => {
    const beganMs = Date.now();
    server.suffer({ kind: 'slow' }, isPredict);
    expect(await ask({ withinMs: 50 })).toEqual({ kind: 'wrong', by: 'endpoint e1', why: 'it does not answer within 50 ms' });
    expect(Date.now() - beganMs).toBeLessThan(10_000);
  });

  it('is the one that is written on the endpoint, or else the runbook’s; without either nobody knows whether it serves', async () => {
    const { askGolden } = withOutside({} as Cluster, new Map([['VertexEndpoint', endpoints()]]));
    expect(await askGolden(target, await see(), null)).toEqual({
      kind: 'unreadable',
      what: 'what it answers',
      reason: 'neither it nor its runbook (model.golden) has a golden request, and without one a hosted server cannot be seen to serve',
    });
    expect(await askGolden(target, await see(), golden)).toMatchObject({ kind: 'read', value: { kind: 'answered' } });
    double.endpoint.description = `paramedic.dev/golden-request: ${JSON.stringify({ ...golden, expect: [{ at: '/predictions/0', min: 0.9 }] })}`;
    expect(await askGolden(target, await see(), golden)).toMatchObject({ kind: 'read', value: { kind: 'wrong' } });
    expect(await askGolden(target, await see(), null)).toMatchObject({ kind: 'read', value: { kind: 'wrong' } });
  });

  it('goes to the endpoint’s own address where it has one, and to none that is not Google’s (safety 33)', async () => {
    double.endpoint.dedicatedEndpointEnabled = true;
    for (const dns of ['127.0.0.1:1', 'e1.prediction.vertexai.goog.example', 'evil@x.prediction.vertexai.goog', '']) {
      double.endpoint.dedicatedEndpointDns = dns;
      await expect(ask()).rejects.toThrow(
        `projects/ml-prod/locations/europe-west4/endpoints/e1 is reached by "${dns}" alone, which is no address of Google's for predictions`,
      );
    }
    const dns = '4711.europe-west4-fasttryout.prediction.vertexai.goog';
    const seen = (change: object) => predictionUrl(Endpoint.parse({ ...double.endpoint, ...change }), { url: 'https://api' });
    expect(seen({ dedicatedEndpointDns: dns })).toBe(`https://${dns}`);
    expect(seen({ dedicatedEndpointDns: `https://${dns}` })).toBe(`https://${dns}`);
    expect(seen({ dedicatedEndpointEnabled: false })).toBe('https://api');
  });

  it('is no finding where it cannot be asked', async () => {
    server.suffer({ kind: 'failing', status: 403, body: {} }, isPredict);
    await expect(ask()).rejects.toThrow('aiplatform.endpoints.predict is missing');
    server.suffer({ kind: 'failing', status: 503, body: {} }, isPredict);
    await expect(ask()).rejects.toThrow(TryLater);
    server.suffer(null);
    await expect(ask({ protocol: 'openai' })).rejects.toThrow(
      new Refused('The Vertex AI endpoint e1 is asked by the protocol v1 alone, and not by openai.'),
    );
  });
});

describe('an endpoint of Vertex AI in trouble', () => {
  tellsTroubles({
    server: () => server,
    ask: (answerMsMax) => endpoints(answerMsMax).observe(target),
    system: 'Vertex AI',
    credentials: 'GOOGLE_APPLICATION_CREDENTIALS',
    needs: 'aiplatform.endpoints.get',
    secret: TOKEN,
    failure: (message) => ({ error: { code: 400, status: 'X', message } }),
  });
});
