import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloudDeploy } from '../../../clients/serving/cloud-deploy.ts';
import { servedModelReader } from '../../../clients/serving/served-model.ts';
import { differences, type Steps } from '../compare.ts';
import { accessTo } from '../google.ts';
import { type Recorder, record } from '../recorder.ts';
import { playScenario } from '../scenario.ts';
import { type CloudDeployDouble, cloudDeployDouble, rollout } from './double.ts';

const PACKAGE = { folder: 'cloud-deploy', title: 'the Python package google-cloud-deploy', size: 'about 100 MB' };
const TARGET = { cluster: 'test', namespace: 'cloud-deploy', kind: 'DeliveryPipeline', name: 'churn.prod' } as const;
const STEPS = ['list', 'observe', 'dryRun', 'rollBackFailed', 'rollBack'];
const change = (from: string, to: string) => ({
  kind: 'modelVersion' as const,
  model: 'cloud-deploy/churn.prod',
  registry: null,
  from: { version: null, address: from },
  to: { version: null, address: to },
});

/** What either asked, and what it left behind. */
interface Played {
  readonly steps: Steps;
  readonly left: CloudDeployDouble;
}

let double: CloudDeployDouble;
let server: Recorder;
let ours: Played;
let theirs: Played & { readonly made: unknown };
beforeAll(async () => {
  server = await record((request, headers) => {
    // Between the last two steps another release is brought, and succeeds.
    if (server.steps.has('rollBack') && !double.rollouts.some(({ name }) => name.includes('/r3/')))
      double.rollouts.unshift(rollout('r3', 'r3-to-prod-0001', 'SUCCEEDED', '04'));
    for (const one of double.rollouts.filter(({ state }) => server.steps.has('rollBack') && state === 'IN_PROGRESS'))
      one.state = 'SUCCEEDED';
    return double.answer(request, headers);
  });
  hold();
  await playOurs();
  ours = { steps: server.steps, left: double };
  hold();
  const made = await playScenario(PACKAGE, server.url);
  theirs = { steps: server.steps, left: double, made };
});
afterAll(() => server.close());

function hold(): void {
  double = cloudDeployDouble();
  server.begin();
}

/** The steps of `scenario.py`, by our client. */
async function playOurs(): Promise<void> {
  const deliveries = cloudDeploy(accessTo(server.url), servedModelReader({ registries: new Map(), records: null }));
  server.step('list');
  await deliveries.list?.();
  server.step('observe');
  const bound = { uid: (await deliveries.observe(TARGET)).uid, generation: null };
  server.step('dryRun');
  await deliveries.apply(TARGET, change('r2', 'r1'), bound, { key: 'k1', dryRun: true });
  server.step('rollBackFailed');
  await deliveries.apply(TARGET, change('r2', 'r1'), bound, { key: 'k1', dryRun: false });
  server.step('rollBack');
  await deliveries.apply(TARGET, change('r3', 'r1'), bound, { key: 'k2', dryRun: false });
}

describe('our client and the Python package google-cloud-deploy', () => {
  it.each(STEPS)('ask the same of Cloud Deploy in the step %s', (step) => {
    expect(differences(ours.steps, theirs.steps).filter((one) => one.step === step)).toEqual([]);
    expect(ours.steps.get(step)).toBeDefined();
  });

  it('take the same steps, and leave the same behind', () => {
    expect([...ours.steps.keys()]).toEqual(STEPS);
    expect(differences(ours.steps, theirs.steps)).toEqual([]);
    expect(theirs.left.rollouts).toEqual(ours.left.rollouts);
  });

  it('are answered so by our double that the package reads what is meant', () => {
    expect(theirs.made).toEqual({
      pipelines: [['churn', ['staging', 'prod']]],
      pipeline: ['uid-churn', false],
      rollouts: [
        ['r2', 'FAILED', 'It did not become ready.', 'EXECUTION_FAILED'],
        ['r1', 'SUCCEEDED', '', 'FAILURE_CAUSE_UNSPECIFIED'],
      ],
      rolledBack: ['r1', 'stable'],
    });
  });
});
