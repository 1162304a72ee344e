import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clearmlTaskClient } from '../../../clients/pipelines/clearml-tasks.ts';
import { clearmlRegistry } from '../../../clients/registries/clearml.ts';
import { differences, type Leeway, type Steps } from '../compare.ts';
import { type Recorder, record } from '../recorder.ts';
import { playScenario } from '../scenario.ts';
import { type ClearmlDouble, clearmlDouble } from './double.ts';
import { model, pipeline, task } from './held.ts';

const PACKAGE = { folder: 'clearml', title: 'the Python package clearml', size: 'about 160 MB' };
const STEPS = ['models', 'moveAlias', 'quarantine', 'releaseOnOldServer', 'observe', 'retryTask', 'retryPipeline', 'takeBack'];

/** By which method it is asked makes no difference to ClearML. Its package writes it into the body, where nobody reads it. */
const ALIKE: Leeway = {
  form: ({ body, ...request }) => ({ ...request, method: '', body: body === null ? null : { ...(body as object), method: undefined } }),
};

let double: ClearmlDouble;
let server: Recorder;
/** What either asked, and what it left behind. */
let ours: { readonly steps: Steps; readonly left: Pick<ClearmlDouble, 'models' | 'tasks'> };
let theirs: typeof ours & { readonly printed: unknown };
beforeAll(async () => {
  server = await record((request, headers) => {
    double.isOld = server.steps.has('releaseOnOldServer') && !server.steps.has('observe');
    return double.answer(request, headers);
  });
  hold();
  await playOurs();
  ours = { steps: server.steps, left: double };
  hold();
  const printed = await playScenario(PACKAGE, server.url);
  theirs = { steps: server.steps, left: double, printed };
});
afterAll(() => server.close());

/** Holds what there was before the first step, and keeps what is asked from now on. */
function hold(): void {
  double = clearmlDouble();
  double.models.push(model(1), model(2, { tags: ['production'] }));
  double.tasks.push(task('t1'), pipeline('p1'));
  double.logs.set('t1', ['Traceback (most recent call last):', 'ConnectionError: reset by peer']);
  server.begin();
}

/** The steps of `scenario.py`, by our client. */
async function playOurs(): Promise<void> {
  const access = { url: server.url, accessKey: 'access', secretKey: 'secret' };
  const registry = clearmlRegistry({ ...access, project: null });
  server.step('models');
  await registry.readModel('fraud');
  server.step('moveAlias');
  await registry.mark('fraud', { kind: 'alias', alias: 'production', version: 'm1' });
  server.step('quarantine');
  await registry.mark('fraud', { kind: 'quarantined', version: 'm2', by: 'incident-1' });
  server.step('releaseOnOldServer');
  await registry.mark('fraud', { kind: 'released', version: 'm2' });
  const tasks = clearmlTaskClient(access);
  const target = (name: string) => ({ cluster: 'local', namespace: 'clearml', kind: 'ClearmlTask' as const, name });
  const retry = (name: string, change: Parameters<typeof tasks.retry>[1], key: string) =>
    tasks.retry(target(name), change, { uid: name, generation: 1 }, { key, dryRun: false });
  server.step('observe');
  await tasks.observe(target('t1'));
  server.step('retryTask');
  await retry('t1', { kind: 'sameRun', run: { name: 't1', tries: 1 } }, 'act-1');
  server.step('retryPipeline');
  const run = { name: 'p1-retry-1', memory: {} };
  await retry('p1', { kind: 'furtherRun', from: null, to: run }, 'act-2');
  server.step('takeBack');
  await retry('p1', { kind: 'furtherRun', from: run, to: null }, 'act-2/undo');
}

describe('our client and the Python package clearml', () => {
  it.each(STEPS)('ask the same of ClearML in the step %s', (step) => {
    expect(differences(ours.steps, theirs.steps, ALIKE).filter((one) => one.step === step)).toEqual([]);
    expect(ours.steps.get(step)).toBeDefined();
  });

  it('take the same steps, and leave the same behind', () => {
    expect([...ours.steps.keys()]).toEqual(STEPS);
    expect(differences(ours.steps, theirs.steps, ALIKE)).toEqual([]);
    expect([ours.left.models, ours.left.tasks]).toEqual([theirs.left.models, theirs.left.tasks]);
  });

  it('are answered so by our double that the package reads what is meant', () => {
    expect(theirs.printed).toEqual({
      before: [
        { id: 'm2', uri: 's3://models/fraud/2/model.pkl', tags: ['production'], project: 'p1' },
        { id: 'm1', uri: 's3://models/fraud/1/model.pkl', tags: [], project: 'p1' },
      ],
      moved: [200, 200],
      unknown: 404,
      edited: 1,
      task: { id: 't1', status: 'failed', queue: 'queue-1', reason: 'worker w-1 ended it' },
      log: ['ConnectionError: reset by peer', 'Traceback (most recent call last):'],
      queued: 1,
      type: 'controller',
      made: [{ status: 'queued', tags: ['paramedic-run:p1-retry-1', 'paramedic-act:act-2'] }],
      left: 0,
    });
  });
});
