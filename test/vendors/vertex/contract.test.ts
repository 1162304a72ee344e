import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TryLater } from '../../../clients/failures.ts';
import { vertexPipelines } from '../../../clients/pipelines/vertex-pipelines.ts';
import { vertexRegistry } from '../../../clients/registries/vertex.ts';
import { servedModelReader } from '../../../clients/serving/served-model.ts';
import { vertexEndpoints } from '../../../clients/serving/vertex-endpoints.ts';
import { type Change, inverse } from '../../../incident/change.ts';
import { GoldenRequest } from '../../../incident/golden-request.ts';
import { differences, type Leeway, type Steps } from '../compare.ts';
import { accessTo, WHERE } from '../google.ts';
import { type Recorder, record } from '../recorder.ts';
import { playScenario } from '../scenario.ts';
import { vertexDouble } from './double.ts';
import type { VertexDouble } from './held.ts';

const PACKAGE = { folder: 'vertex', title: 'the Python package google-cloud-aiplatform', size: 'about 300 MB' };
const PARENT = `projects/${WHERE.project}/locations/${WHERE.location}`;
const MODEL = `${PARENT}/models/7`;
const ENDPOINT = { cluster: 'test', namespace: 'vertex-ai', kind: 'VertexEndpoint', name: 'e1' } as const;
const JOB = { cluster: 'test', namespace: 'vertex-ai', kind: 'VertexPipelineJob', name: 'train-1' } as const;
const PAUSE = { kind: 'schedule', from: 'active', to: 'suspended' } as const;
const STEPS = [
  'readModel',
  'moveAlias',
  'quarantine',
  'freeze',
  'listEndpoints',
  'observeEndpoint',
  'split',
  'deploy',
  'callOff',
  'predict',
  'observeJob',
  'retryJob',
  'takeBack',
  'pause',
  'resume',
];

/** The package asks for operations below `ui`, where they are the same. */
const ALIKE: Leeway = { form: (request) => ({ ...request, path: request.path.replace(/^\/ui\//, '/v1/') }) };

/** What either asked, and what it left behind. */
interface Played {
  readonly steps: Steps;
  readonly left: VertexDouble;
}

let double: VertexDouble;
let server: Recorder;
let ours: Played;
let theirs: Played & { readonly made: unknown };
beforeAll(async () => {
  server = await record((request, headers) => double.answer(request, headers));
  hold();
  await playOurs();
  ours = { steps: server.steps, left: double };
  hold();
  const made = await playScenario(PACKAGE, server.url);
  theirs = { steps: server.steps, left: double, made };
});
afterAll(() => server.close());

function hold(): void {
  double = vertexDouble();
  server.begin();
}

/** The steps of `scenario.py`, by our clients. */
async function playOurs(): Promise<void> {
  const access = accessTo(server.url);
  await playRegistry(access);
  await playEndpoint(access);
  await playJob(access);
}

async function playRegistry(access: ReturnType<typeof accessTo>): Promise<void> {
  const registry = vertexRegistry(access);
  server.step('readModel');
  await registry.readModel('7');
  server.step('moveAlias');
  await registry.mark('7', { kind: 'alias', alias: 'production', version: '1' });
  server.step('quarantine');
  await registry.mark('7', { kind: 'quarantined', version: '2', by: 'x' });
  server.step('freeze');
  await registry.mark('7', { kind: 'promotionFreeze', to: 'by anna' });
}

async function playEndpoint(access: ReturnType<typeof accessTo>): Promise<void> {
  const endpoints = vertexEndpoints(access, servedModelReader({ registries: new Map(), records: null }));
  const change = (from: string, to: string): Extract<Change, { kind: 'modelVersion' }> => ({
    kind: 'modelVersion',
    model: '7',
    registry: 'vertex',
    from: { version: from, address: `${MODEL}@${from}` },
    to: { version: to, address: `${MODEL}@${to}` },
  });
  server.step('listEndpoints');
  await endpoints.list?.();
  server.step('observeEndpoint');
  const bound = { uid: (await endpoints.observe(ENDPOINT)).uid, generation: null };
  server.step('split');
  await endpoints.apply(ENDPOINT, change('2', '1'), bound, { key: 'k1', dryRun: false });
  server.step('deploy');
  await endpoints.apply(ENDPOINT, change('1', '3'), bound, { key: 'k2', dryRun: false });
  server.step('callOff');
  const back = inverse(change('1', '3')) as ReturnType<typeof change>;
  const undo = endpoints.apply(ENDPOINT, back, bound, { key: 'k2/undo', dryRun: false, undoes: 'k2' });
  await expect(undo).rejects.toThrow(TryLater);
  server.step('predict');
  await endpoints.ask?.(ENDPOINT, null as never, GoldenRequest.parse({ protocol: 'v1', body: { instances: [[1]] } }));
}

async function playJob(access: ReturnType<typeof accessTo>): Promise<void> {
  const pipelines = vertexPipelines(access);
  const act = { key: 'k1', dryRun: false };
  server.step('observeJob');
  const bound = await pipelines.observe(JOB);
  server.step('retryJob');
  const run = { name: 'train-1-retry-1', memory: {} };
  await pipelines.retry(JOB, { kind: 'furtherRun', from: null, to: run }, bound, act);
  server.step('takeBack');
  await pipelines.retry(JOB, { kind: 'furtherRun', from: run, to: null }, bound, { ...act, key: 'k1/undo' });
  server.step('pause');
  await pipelines.pause(JOB, PAUSE, bound, act);
  server.step('resume');
  await pipelines.pause(JOB, { ...PAUSE, from: 'suspended', to: 'active' }, bound, act);
}

describe('our clients and the Python package google-cloud-aiplatform', () => {
  it.each(STEPS)('ask the same of Vertex AI in the step %s', (step) => {
    expect(differences(ours.steps, theirs.steps, ALIKE).filter((one) => one.step === step)).toEqual([]);
    expect(ours.steps.get(step)).toBeDefined();
  });

  it('take the same steps, and leave the same behind', () => {
    expect([...ours.steps.keys()]).toEqual(STEPS);
    expect(differences(ours.steps, theirs.steps, ALIKE)).toEqual([]);
    const { answer: _ours, touch: _t, finishDeploying: _f, ...left } = ours.left;
    expect(theirs.left).toMatchObject(JSON.parse(JSON.stringify({ ...left, jobs: undefined })));
    expect([...theirs.left.jobs]).toEqual([...ours.left.jobs]);
  });

  it('are answered so by our double that the package reads what is meant', () => {
    expect(theirs.made).toEqual({
      versions: [
        ['2', ['default', 'production'], 'gs://models/churn/2', 'etag-2'],
        ['1', ['last-known-good'], 'gs://models/churn/1', 'etag-1'],
      ],
      aliases: ['last-known-good', 'production'],
      labels: { team: 'ml', 'paramedic-status': 'quarantined', 'paramedic-quarantined-by': 'x' },
      description: 'Who leaves us.\nPromotions frozen, says Paramedic: by anna',
      endpoints: [`${PARENT}/endpoints/e1`],
      serving: { '222': 100 },
      split: { '111': 100 },
      deploying: `${PARENT}/endpoints/e1/operations/1`,
      running: [`${PARENT}/endpoints/e1/operations/1`],
      predictions: [0.7],
      job: ['PIPELINE_STATE_FAILED', ['', 'connection reset by peer'], 9],
      retriesBefore: [],
      schedule: ['ACTIVE', '0 3 * * *'],
      unknown: expect.stringContaining('PipelineJob train-1-retry-1 is not found.'),
      retry: [`${PARENT}/pipelineJobs/train-1-retry-1`, 'PIPELINE_STATE_RUNNING'],
      retries: [`${PARENT}/pipelineJobs/train-1-retry-1`],
      cancelled: 'PIPELINE_STATE_CANCELLING',
      paused: ['PAUSED', expect.stringContaining('2026-02-01T')],
      resumed: 'ACTIVE',
    });
  });
});
