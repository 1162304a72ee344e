import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { modelRecordWorkflowId } from '../../incident/models/kept-record.ts';
import type { ModelFact } from '../../incident/models/model-facts.ts';
import { modelRecordKeeper, recordsOf } from '../../worker/model-records.ts';
import { modelRecordNow, pinVersion, quarantineVersion, releaseVersion, unpinVersion } from '../../workflows/messages.ts';
import { GOOD_URI } from '../evidence.ts';
import { type Stage, setTheStage } from './incident-run.ts';
import { type Standing, standWorker } from './stand-worker.ts';

const CLUSTER = 'recorded';
const HOUR_MS = 3_600_000;

let stage: Stage;
let worker: Standing;
let models = 0;

beforeAll(async () => {
  stage = await setTheStage({ serverConfig: ['limit.historyCount.suggestContinueAsNew=60'] });
  worker = await standWorker(stage, CLUSTER);
}, 3_600_000);

afterAll(async () => {
  await worker?.stop();
  await stage?.leave();
});

const healthy = (version: string, address: string, fromMs = 0, untilMs = HOUR_MS): ModelFact => ({
  kind: 'healthy',
  seen: { server: 'ml/InferenceService/churn', address, version, settings: {}, fromMs, untilMs },
});

/** A model that no other test has, of which version 1 was seen well. */
async function begin() {
  const of = { cluster: CLUSTER, registry: 'mlflow', model: `churn-${++models}` };
  const { client } = stage.environment;
  const keeper = modelRecordKeeper(client);
  await keeper.tell(of, [healthy('1', GOOD_URI)]);
  const handle: WorkflowHandle = client.workflow.getHandle(modelRecordWorkflowId(of.cluster, of.registry, of.model));
  return { of, keeper, handle, read: () => recordsOf(keeper, CLUSTER).read('mlflow', of.model) };
}

const who = { by: 'anna', reason: 'looked at it' };
const why = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error) => error.cause?.message,
  );

describe('the record of a model', () => {
  it('is begun by what is first seen of it, and read by the name of model and registry', async () => {
    const { read, keeper, of } = await begin();
    expect(await read()).toMatchObject({ model: of.model, registry: 'mlflow', seen: [{ version: '1', fromMs: 0, untilMs: HOUR_MS }] });
    expect(await recordsOf(keeper, CLUSTER).read(null, of.model)).toBeNull();
  });

  it('takes what is learned later, and begins nothing where that is only to be told to a record that is there', async () => {
    const { read, keeper, of } = await begin();
    expect(await keeper.tellIfKept(of, [healthy('1', GOOD_URI, 0, 2 * HOUR_MS)])).toBe(true);
    expect((await read())?.seen).toMatchObject([{ untilMs: 2 * HOUR_MS }]);
    const other = { ...of, model: 'nobody' };
    expect(await keeper.tellIfKept(other, [healthy('1', GOOD_URI)])).toBe(false);
    expect(await keeper.kept(other)).toBeNull();
  });

  it('leaves out what cannot be understood, and takes the rest', async () => {
    const { read, keeper, of } = await begin();
    await keeper.tell(of, [null as unknown as ModelFact, healthy('2', 's3://models/churn/2', HOUR_MS, HOUR_MS)]);
    expect((await read())?.seen.map(({ version }) => version)).toEqual(['2', '1']);
  });

  it('is pinned and unpinned by people, with who and why', async () => {
    const { handle, read } = await begin();
    await handle.executeUpdate(pinVersion, { args: [{ version: '1', ...who }] });
    expect((await read())?.pin).toEqual({ version: '1', ...who, atMs: expect.any(Number) });
    const text = 'Cannot quarantine version 1 of churn';
    expect(await why(handle.executeUpdate(quarantineVersion, { args: [{ version: '1', ...who }] }))).toContain(text);
    await handle.executeUpdate(unpinVersion, { args: [who] });
    expect((await read())?.pin).toBeNull();
    expect(await why(handle.executeUpdate(unpinVersion, { args: [who] }))).toContain('no version of it is pinned');
  });

  it('is told by people what is not to be served, and what may be again', async () => {
    const { handle, read } = await begin();
    await handle.executeUpdate(quarantineVersion, { args: [{ version: '1', ...who }] });
    expect((await read())?.quarantined).toEqual([{ version: '1', address: GOOD_URI, ...who, atMs: expect.any(Number) }]);
    expect(await why(handle.executeUpdate(pinVersion, { args: [{ version: '1', ...who }] }))).toContain(
      'it is quarantined. Release it first.',
    );
    await handle.executeUpdate(releaseVersion, { args: [{ version: '1', ...who }] });
    expect((await read())?.quarantined).toEqual([]);
    const nothing = await why(handle.executeUpdate(releaseVersion, { args: [{ version: '9', ...who }] }));
    expect(nothing).toContain('Cannot release version 9 of churn');
  });

  it.each([
    [undefined, 'Cannot understand nothing'],
    [{ version: '1', by: 'anna' }, 'Cannot understand "reason": it must be a text of 1 to 300 characters.'],
    [{ version: ' ', ...who }, 'Cannot understand "version"'],
    [{ version: 7, ...who }, 'Cannot understand "version"'],
    [{ version: '1', model: 'other', ...who }, 'Cannot understand "model": only version, by, reason may be given.'],
  ])('refuses a call of %j with a sentence, and it leaves no trace', async (call, text) => {
    const { handle, read } = await begin();
    const before = await read();
    const { events } = await handle.fetchHistory();
    expect(await why(handle.executeUpdate('quarantine', { args: (call === undefined ? [] : [call]) as never }))).toContain(text);
    expect(await read()).toEqual(before);
    expect((await handle.fetchHistory()).events).toHaveLength(events?.length ?? 0);
  });

  it('is a table in the Web UI in which nothing is markup', async () => {
    const { handle, keeper, of } = await begin();
    await keeper.tell(of, [healthy('2', 's3://a|b/[x](http://127.0.0.1/)', 2 * HOUR_MS, 3 * HOUR_MS)]);
    await handle.executeUpdate(quarantineVersion, { args: [{ version: '1', by: 'anna', reason: '<b>| no' }] });
    const page = await handle
      .query<string>('__temporal_workflow_metadata')
      .then((one) => (one as unknown as { currentDetails: string }).currentDetails);
    expect(page.split('\n')).toEqual(
      expect.arrayContaining([
        '| version | server | from | until | for | address |',
        '| 2 | ml/InferenceService/churn | 1970-01-01 02:00:00 | 1970-01-01 03:00:00 | 60 min | s3://a\\|b/\\[x\\](http://127.0.0.1/) |',
        expect.stringContaining('| \\<b\\>\\| no |'),
      ]),
    );
  });

  it('goes on as new with all it knows once its history is long', async () => {
    const { handle, keeper, of } = await begin();
    await handle.executeUpdate(pinVersion, { args: [{ version: '1', ...who }] });
    for (let n = 1; n < 40; n++) {
      await keeper.tell(of, [healthy('1', GOOD_URI, 0, HOUR_MS + n)]);
      await handle.query(modelRecordNow);
    }
    expect(Number((await handle.describe()).historyLength)).toBeLessThan(100);
    expect(await keeper.kept(of)).toMatchObject({ pin: { version: '1' }, seen: [{ fromMs: 0, untilMs: HOUR_MS + 39 }] });
  });
});
