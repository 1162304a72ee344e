import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { googleCall } from '../../../clients/google/google-call.ts';
import { vertexPipelines } from '../../../clients/pipelines/vertex-pipelines.ts';
import { vertexRegistry } from '../../../clients/registries/vertex.ts';
import { servedModelReader } from '../../../clients/serving/served-model.ts';
import { vertexEndpoints } from '../../../clients/serving/vertex-endpoints.ts';
import type { Change } from '../../../incident/change.ts';
import { GoldenRequest } from '../../../incident/golden-request.ts';
import { differences, type Steps } from '../compare.ts';
import { type Recorded, type Recorder, record } from '../recorder.ts';
import { playScenario } from '../scenario.ts';
import { vertexDouble, WHERE } from './double.ts';

jest.setTimeout(600_000);

const PACKAGE = { folder: 'vertex', title: 'the Python package google-cloud-aiplatform', size: 'about 300 MB' };
const MODEL = 'projects/ml-prod/locations/europe-west4/models/7';
const ENDPOINT = { cluster: 'test', namespace: 'vertex-ai', kind: 'VertexEndpoint', name: 'e1' } as const;
const JOB = { cluster: 'test', namespace: 'vertex-ai', kind: 'VertexPipelineJob', name: 'train-1' } as const;
const PAUSE = { kind: 'schedule', from: 'active', to: 'suspended' } as const;
const ACT = { key: 'k', dryRun: false };

let theirs: { readonly steps: Steps; readonly made: unknown };
let ours: Steps;

/** Acts have names of their own; and operations are listed by the package below `ui`, which is the same list. */
function form(request: Recorded): Recorded {
  const named = JSON.parse(JSON.stringify(request, (key, value) => (key === 'paramedic-act' ? 'x' : value))) as Recorded;
  return { ...named, path: named.path.replace(/^\/ui\//, '/v1/') };
}

beforeAll(async () => {
  const server = await record(vertexDouble().answer);
  server.begin();
  try {
    theirs = { made: await playScenario(PACKAGE, server.url), steps: server.steps };
  } finally {
    await server.close();
  }
  const second = await record(vertexDouble().answer);
  try {
    ours = await playOurs(second);
  } finally {
    await second.close();
  }
});

/** The same with our client, each step against what the one before left. */
async function playOurs(server: Recorder): Promise<Steps> {
  const access = { ...WHERE, url: server.url, authorize: async (refused: boolean) => (refused ? null : { authorization: 'Bearer t' }) };
  const registry = vertexRegistry(access);
  const endpoints = vertexEndpoints(access, servedModelReader({ registries: new Map(), records: null }));
  const pipelines = vertexPipelines(access);
  if (endpoints.is !== 'server' || pipelines.is !== 'pipeline') throw new Error('They are of another kind.');
  const step = async (name: string, act: () => Promise<unknown>) => {
    server.step(name);
    await act();
    server.step('');
  };
  server.begin();
  await step('readModel', () => registry.readModel('7'));
  await step('moveAlias', () => registry.mark('7', { kind: 'alias', alias: 'production', version: '1' }));
  await step('quarantine', () => registry.mark('7', { kind: 'quarantined', version: '2', by: 'x' }));
  await step('readEndpoint', () => endpoints.observe(ENDPOINT));
  const change = (version: string): Extract<Change, { kind: 'modelVersion' }> => ({
    kind: 'modelVersion',
    model: '7',
    registry: 'vertex',
    from: { version: '2', address: `${MODEL}@2` },
    to: { version, address: `${MODEL}@${version}` },
  });
  const toNew = { ...change('3'), from: { version: '1', address: `${MODEL}@1` } };
  const bound = async () => {
    server.step('');
    return { uid: (await endpoints.observe(ENDPOINT)).uid, generation: null };
  };
  const seen = await bound();
  const only = (part: (request: Recorded) => boolean) => (requests: readonly Recorded[]) => requests.filter(part);
  await step('split', () => endpoints.apply(ENDPOINT, change('1'), seen, ACT));
  await step('deploy', () => endpoints.apply(ENDPOINT, toNew, seen, ACT));
  await step('predict', () => endpoints.ask!(ENDPOINT, null as never, GoldenRequest.parse({ protocol: 'v1', body: { instances: [[1]] } })));
  await step('readJob', () => pipelines.observe(JOB));
  const job = await pipelines.observe(JOB);
  const run = { name: 'train-1-retry-1', memory: {} };
  await step('makeJob', () => pipelines.retry(JOB, { kind: 'furtherRun', from: null, to: run }, job, ACT));
  await step('cancel', () => pipelines.retry(JOB, { kind: 'furtherRun', from: run, to: null }, job, { ...ACT, key: 'k/undo' }));
  await step('pause', () => pipelines.pause(JOB, PAUSE, job, ACT));
  await step('resume', () => pipelines.pause(JOB, { ...PAUSE, from: 'suspended', to: 'active' }, job, ACT));
  return regrouped(server.steps, only);
}

/** Reads that an act of ours makes on its way belong to the step in which the package makes them by themselves. */
function regrouped(steps: Steps, only: (part: (request: Recorded) => boolean) => (requests: readonly Recorded[]) => Recorded[]): Steps {
  const of = (name: string) => steps.get(name) ?? [];
  const is = (method: string, path: RegExp) => (request: Recorded) => request.method === method && path.test(request.path);
  const writes = only(({ method }) => method !== 'GET');
  return new Map([
    ['readModel', of('readModel').slice(0, 1)],
    ['moveAlias', of('moveAlias')],
    ['quarantine', of('quarantine')],
    ['readEndpoint', of('readEndpoint')],
    ['split', writes(of('split'))],
    [
      'operations',
      of('deploy')
        .filter(is('GET', /operations$/))
        .slice(0, 1),
    ],
    ['deploy', writes(of('deploy'))],
    ['predict', of('predict')],
    ['readJob', of('readJob').filter(is('GET', /pipelineJobs\/train-1$/))],
    ['retries', of('readJob').filter(is('GET', /pipelineJobs$/))],
    ['makeJob', writes(of('makeJob'))],
    ['cancel', writes(of('cancel'))],
    ['readSchedule', of('readJob').filter(is('GET', /schedules\/s1$/))],
    ['pause', writes(of('pause'))],
    ['resume', writes(of('resume'))],
  ]);
}

describe('Vertex AI, by contract', () => {
  it('is asked by our client what Google’s own package asks', () => {
    expect(differences(ours, theirs.steps, { form })).toEqual([]);
  });

  it('is doubled by what Google’s own package takes for it', () => {
    expect(theirs.made).toEqual({
      versions: [
        ['2', ['default', 'production'], 'gs://models/churn/2'],
        ['1', ['last-known-good'], 'gs://models/churn/1'],
      ],
      aliases: ['last-known-good', 'production'],
      labels: { team: 'ml', 'paramedic-status': 'quarantined', 'paramedic-quarantined-by': 'x' },
      serving: { '222': 100 },
      split: { '111': 100 },
      deploying: 'projects/ml-prod/locations/europe-west4/endpoints/e1/operations/1',
      predictions: [0.7],
      job: ['PIPELINE_STATE_FAILED', 'connection reset by peer'],
      retries: [],
      retry: ['projects/ml-prod/locations/europe-west4/pipelineJobs/train-1-retry-1', 'PIPELINE_STATE_RUNNING'],
      schedule: 'ACTIVE',
    });
  });

  it('knows us by a bearer token, as it does the package', async () => {
    const server = await record(vertexDouble().answer);
    const call = googleCall('Vertex AI', { ...WHERE, url: server.url, authorize: async () => ({ authorization: 'Bearer t' }) });
    await call({ method: 'GET', path: 'projects/ml-prod/locations/europe-west4/endpoints/e1', needs: '' });
    expect([...server.steps.values()].flat()[0]?.scheme).toBe('Bearer');
    await server.close();
  });
});
