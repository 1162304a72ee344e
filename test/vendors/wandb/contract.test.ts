import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wandbRegistry } from '../../../clients/registries/wandb.ts';
import { differences, type Steps } from '../compare.ts';
import { type Recorder, record } from '../recorder.ts';
import { playScenario } from '../scenario.ts';
import { ALIKE } from './alike.ts';
import { type WandbDouble, wandbDouble } from './double.ts';

const PACKAGE = { folder: 'wandb', title: 'the Python package wandb', size: 'about 130 MB' };
const VERSIONS = [
  { version: 'v2', aliases: ['production'], tags: [], storageUri: 's3://models/fraud/2', state: 'COMMITTED' },
  { version: 'v1', aliases: [], tags: ['validated'], storageUri: 's3://models/fraud/1', state: 'COMMITTED' },
  { version: 'v0', aliases: [], tags: [], storageUri: null, state: 'COMMITTED' },
];

const STEPS = ['versions', 'moveAlias', 'quarantine', 'release', 'quarantineByAlias', 'releaseByAlias', 'after'];

let double: WandbDouble;
let server: Recorder;
/** What either asked, and what it left behind. */
let ours: { readonly steps: Steps; readonly left: WandbDouble['collections'] };
let theirs: typeof ours & { readonly printed: unknown };
beforeAll(async () => {
  server = await record((request, headers) => double.answer(request, headers));
  hold();
  await playOurs();
  ours = { steps: server.steps, left: double.collections };
  hold();
  const printed = await playScenario(PACKAGE, server.url);
  theirs = { steps: server.steps, left: double.collections, printed };
});
afterAll(() => server.close());

/** Holds the versions as they were before the first step, and keeps what is asked from now on. */
function hold(): void {
  double = wandbDouble();
  const linked = VERSIONS.map(({ version, ...rest }) => ({ ...structuredClone(rest), index: Number(version.slice(1)) }));
  double.collections.set('fraud', linked);
  server.begin();
}

/** The steps of `scenario.py`, by our client. */
async function playOurs(): Promise<void> {
  const registry = wandbRegistry({ url: server.url, apiKey: 'a'.repeat(40), organization: 'acme', registry: 'model' });
  server.step('versions');
  await registry.readModel('fraud');
  server.step('moveAlias');
  await registry.mark('fraud', { kind: 'alias', alias: 'production', version: 'v1' });
  server.step('quarantine');
  await registry.mark('fraud', { kind: 'quarantined', version: 'v2', by: 'incident-1' });
  server.step('release');
  await registry.mark('fraud', { kind: 'released', version: 'v2' });
  server.step('quarantineByAlias');
  await registry.mark('fraud', { kind: 'alias', alias: 'quarantined-v2', version: 'v2' });
  server.step('releaseByAlias');
  await registry.mark('fraud', { kind: 'released', version: 'v2' });
  server.step('after');
  await registry.readModel('fraud');
}

describe('our client and the Python package wandb', () => {
  it.each(STEPS)('ask the same of W&B in the step %s', (step) => {
    expect(differences(ours.steps, theirs.steps, ALIKE).filter((one) => one.step === step)).toEqual([]);
    expect(ours.steps.get(step)).toBeDefined();
  });

  it('take the same steps, and leave the same behind', () => {
    expect(differences(ours.steps, theirs.steps, ALIKE)).toEqual([]);
    expect([...ours.steps.keys()]).toEqual(STEPS);
    expect(ours.left).toEqual(theirs.left);
  });

  it('are answered so by our double that the package reads what is meant', () => {
    expect(theirs.printed).toEqual({
      before: VERSIONS,
      after: [{ ...VERSIONS[0], aliases: [] }, { ...VERSIONS[1], aliases: ['production'] }, VERSIONS[2]],
    });
  });
});
