import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cloudDeploy } from '../../../clients/serving/cloud-deploy.ts';
import { servedModelReader } from '../../../clients/serving/served-model.ts';
import { differences, type Steps } from '../compare.ts';
import { type Recorded, type Recorder, record } from '../recorder.ts';
import { playScenario } from '../scenario.ts';
import { WHERE } from '../vertex/double.ts';
import { cloudDeployDouble } from './double.ts';

jest.setTimeout(600_000);

const PACKAGE = { folder: 'cloud-deploy', title: 'the Python package google-cloud-deploy', size: 'about 100 MB' };
const TARGET = { cluster: 'test', namespace: 'cloud-deploy', kind: 'DeliveryPipeline', name: 'churn.prod' } as const;
const CHANGE = {
  kind: 'modelVersion',
  model: 'cloud-deploy/churn.prod',
  registry: null,
  from: { version: null, address: 'r2' },
  to: { version: null, address: 'r1' },
} as const;

let theirs: { readonly steps: Steps; readonly made: unknown };
let ours: Steps;

/** Acts have names of their own. */
function form(request: Recorded): Recorded {
  return JSON.parse(JSON.stringify(request, (key, value) => (key === 'rolloutId' ? 'x' : value)));
}

beforeAll(async () => {
  const [first, second] = await Promise.all([record(cloudDeployDouble().answer), record(cloudDeployDouble().answer)]);
  try {
    theirs = { made: await playScenario(PACKAGE, first.url), steps: first.steps };
    ours = await playOurs(second);
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
});

async function playOurs(server: Recorder): Promise<Steps> {
  const access = { ...WHERE, url: server.url, authorize: async (refused: boolean) => (refused ? null : { authorization: 'Bearer t' }) };
  const deliveries = cloudDeploy(access, servedModelReader({ registries: new Map(), records: null }));
  if (deliveries.is !== 'server') throw new Error('It is of another kind.');
  server.begin();
  server.step('observe');
  const { uid } = await deliveries.observe(TARGET);
  for (const [step, dryRun] of [
    ['dryRun', true],
    ['rollBack', false],
  ] as const) {
    server.step(step);
    await deliveries.apply(TARGET, CHANGE, { uid, generation: null }, { key: 'k', dryRun });
  }
  // What is looked at before each is what was asked in the first step.
  return new Map(
    [...server.steps].map(([step, asked]) => [step, step === 'observe' ? asked : asked.filter(({ method }) => method === 'POST')]),
  );
}

describe('Cloud Deploy, by contract', () => {
  it('is asked by our client what Google’s own package asks', () => {
    expect(differences(ours, theirs.steps, { form })).toEqual([]);
  });

  it('is doubled by what Google’s own package takes for it', () => {
    expect(theirs.made).toEqual({
      pipeline: 'uid-churn',
      rollouts: [
        ['r2', 'FAILED', 'The deployment did not become ready.'],
        ['r1', 'SUCCEEDED', ''],
      ],
      rolledBack: ['r1', 'stable'],
    });
  });
});
