import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TargetChanged, TargetGone } from '../../../clients/failures.ts';
import { vertexRegistry } from '../../../clients/registries/vertex.ts';
import { servedModelReader } from '../../../clients/serving/served-model.ts';
import { vertexEndpoints } from '../../../clients/serving/vertex-endpoints.ts';
import { healthOf } from '../../../diagnosis/health.ts';
import { type Change, inverse } from '../../../incident/change.ts';
import type { ModelServerEvidence } from '../../../incident/evidence.ts';
import { GoldenRequest } from '../../../incident/golden-request.ts';
import { rollBackModel } from '../../../remedies/roll-back-model.ts';
import { remedyLimits } from '../../remedy-limits.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { type VertexDouble, vertexDouble, WHERE } from '../../vendors/vertex/double.ts';

const target = { cluster: 'test', namespace: 'vertex-ai', kind: 'VertexEndpoint', name: 'e1' } as const;
const MODEL = 'projects/ml-prod/locations/europe-west4/models/7';
const ACT = { key: 'k1', dryRun: false };

let double: VertexDouble;
let server: Recorder;

beforeEach(async () => {
  double = vertexDouble();
  server = await record(double.answer);
});

afterEach(() => server.close());

function endpoints() {
  const access = { ...WHERE, url: server.url, authorize: async (refused: boolean) => (refused ? null : { authorization: 'Bearer t' }) };
  return vertexEndpoints(
    access,
    servedModelReader({ registries: new Map([['vertex', vertexRegistry(access)]]), records: null }),
  ) as Extract<ReturnType<typeof vertexEndpoints>, { is: 'server' }>;
}

const see = async () => (await endpoints().observe(target)) as ModelServerEvidence;
const writes = () => [...server.steps.values()].flat().filter(({ method, path }) => method !== 'GET' && !path.endsWith(':predict'));

async function planned(): Promise<{ change: Extract<Change, { kind: 'modelVersion' }>; seen: ModelServerEvidence }> {
  const seen = await see();
  const plan = rollBackModel(seen.served, remedyLimits().model);
  if (plan.kind === 'unusable' || plan.change.kind !== 'modelVersion') throw new Error('It cannot be planned.');
  return { change: plan.change, seen };
}

describe('an endpoint of Vertex AI', () => {
  it('is seen with what has its traffic, what was brought last, and its model in the registry', async () => {
    double.endpoint.trafficSplit = { '111': 90, '222': 10 };
    const seen = await see();
    expect(seen).toMatchObject({
      ready: true,
      served: { model: '7', wanted: `${MODEL}@2`, serving: [`${MODEL}@1`, `${MODEL}@2`], registry: { kind: 'read' } },
      traffic: 'requests are split: 90 % to version 1, 10 % to version 2',
    });
    expect(healthOf(seen).kind).toBe('notRecovered');
    double.endpoint.trafficSplit = { '222': 100 };
    expect(healthOf(await see()).kind).toBe('recovered');
  });

  it('is gone where it does not exist, and is nobody’s target then', async () => {
    await expect(endpoints().observe({ ...target, name: 'e9' })).rejects.toThrow(
      new TargetGone('The Vertex AI endpoint e9 does not exist.'),
    );
    expect(await endpoints().topmost('e9')).toBeNull();
  });

  it('gives the last known good version, which is still deployed, all the traffic, on condition of its etag, and once', async () => {
    const { change, seen } = await planned();
    expect(change).toMatchObject({ from: { version: '2' }, to: { version: '1', address: `${MODEL}@1` } });
    expect(await endpoints().apply(target, change, seen, { ...ACT, dryRun: true })).toBe('applied');
    expect(writes()).toEqual([]);
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('applied');
    expect(writes()).toMatchObject([
      { method: 'PATCH', query: { updateMask: 'trafficSplit' }, body: { trafficSplit: { '111': 100 }, etag: 'etag-0' } },
    ]);
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    expect(writes()).toHaveLength(1);
    expect(healthOf(await see()).kind).toBe('recovered');
    expect((await see()).served.serving).toEqual([`${MODEL}@1`]);
  });

  it('puts back exactly the split that was, if that did not help (safety 17)', async () => {
    double.endpoint.trafficSplit = { '111': 90, '222': 10 };
    const { change, seen } = await planned();
    await endpoints().apply(target, change, seen, ACT);
    const back = inverse(change) as typeof change;
    expect(await endpoints().apply(target, back, { uid: seen.uid, generation: null }, { key: 'k1/undo', dryRun: false })).toBe('applied');
    expect(double.endpoint.trafficSplit).toEqual({ '111': 90, '222': 10 });
  });

  it('deploys the last known good version where it no longer is, with what the failing one has, and no second time while that lasts', async () => {
    double.endpoint.deployedModels.shift();
    const { change, seen } = await planned();
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('applied');
    expect(writes()).toMatchObject([
      {
        path: expect.stringMatching(/endpoints\/e1:deployModel$/),
        body: {
          deployedModel: { model: `${MODEL}@1`, dedicatedResources: { machineSpec: { machineType: 'n1-standard-4' } } },
          trafficSplit: { '0': 100 },
        },
      },
    ]);
    expect(await endpoints().apply(target, change, seen, ACT)).toBe('alreadyApplied');
    expect(writes()).toHaveLength(1);
  });

  it('is left alone once somebody else has changed it, before the look or within the write (safety 13)', async () => {
    const { change, seen } = await planned();
    double.touch();
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow('The Vertex AI endpoint e1 changed since it was looked at.');
    const again = await planned();
    const beforeWrite = async () => double.touch();
    await expect(endpoints().apply(target, again.change, again.seen, { ...ACT, beforeWrite })).rejects.toThrow(TargetChanged);
    expect(double.endpoint.trafficSplit).toEqual({ '222': 100, '111': 0 });
  });

  it('is left alone where somebody else serves another version already', async () => {
    const { change, seen } = await planned();
    double.endpoint.trafficSplit = { '333': 100 };
    double.endpoint.deployedModels.push({ id: '333', model: MODEL, modelVersionId: '3', createTime: '2026-01-03T00:00:00Z' });
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow(/serves .*@3 now, and not .*@2/);
    expect(writes()).toEqual([]);
  });

  it('writes nothing that what stands before the write forbids', async () => {
    const { change, seen } = await planned();
    const beforeWrite = () => Promise.reject(new TargetChanged('The permit is void.'));
    await expect(endpoints().apply(target, change, seen, { ...ACT, beforeWrite })).rejects.toThrow('The permit is void.');
    expect(writes()).toEqual([]);
  });

  it('names the permission that an act lacks', async () => {
    const { change, seen } = await planned();
    server.suffer({ kind: 'failing', status: 403, body: {} }, ({ method }) => method === 'PATCH');
    await expect(endpoints().apply(target, change, seen, ACT)).rejects.toThrow(
      'Vertex AI does not allow it: aiplatform.endpoints.update is missing.',
    );
  });

  it('is asked its golden request, and judged by what it answers', async () => {
    const golden = GoldenRequest.parse({ protocol: 'v1', body: { instances: [[1]] }, expect: [{ at: '/predictions/0', min: 0.6 }] });
    const ask = endpoints().ask!;
    expect(await ask(target, await see(), golden)).toMatchObject({ kind: 'answered', by: 1 });
    expect(await ask(target, await see(), { ...golden, expect: [{ at: '/predictions/0', min: 0.9 }] })).toMatchObject({
      kind: 'wrong',
      why: expect.stringContaining('less than 0.9'),
    });
    server.suffer({ kind: 'failing', status: 500, body: { error: { message: 'boom' } } }, ({ path }) => path.endsWith(':predict'));
    expect(await ask(target, await see(), golden)).toEqual({ kind: 'wrong', by: 'endpoint e1', why: 'it answers 500: boom' });
    server.suffer({ kind: 'failing', status: 403, body: {} }, ({ path }) => path.endsWith(':predict'));
    await expect(ask(target, await see(), golden)).rejects.toThrow('aiplatform.endpoints.predict is missing');
  });

  it('opts out by a label', async () => {
    expect(await endpoints().optOut(target)).toBeNull();
    double.endpoint.labels = { paramedic: 'off' };
    expect(await endpoints().optOut(target)).toBe('the label paramedic=off');
  });
});
