import { hostname, userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ModelFact } from '../../incident/models/model-facts.ts';
import { freePort } from '../../worker/listen.ts';
import { modelRecordKeeper } from '../../worker/model-records.ts';
import { openVendorServer, type VendorServer } from '../clients/http/vendor-server.ts';
import { until } from '../until.ts';
import { type Stage, setTheStage } from '../workflows/incident-run.ts';
import { type Standing, standWorker } from '../workflows/stand-worker.ts';
import { runParamedic } from './run-paramedic.ts';

// Each starts processes of its own, on a machine that may be busy.
jest.setTimeout(180_000);

const CLUSTER = 'served';
const me = `${userInfo().username}@${hostname()}`;
const HOUR_MS = 3_600_000;
const reason = ['--reason', 'looked at it'];

let stage: Stage;
let worker: Standing;
let mlflow: VendorServer;

const healthy = (version: string | null, address: string): ModelFact => ({
  kind: 'healthy',
  seen: { server: 'ml/InferenceService/churn', address, version, settings: {}, fromMs: 0, untilMs: 3 * HOUR_MS },
});

beforeAll(async () => {
  stage = await setTheStage();
  worker = await standWorker(stage, CLUSTER);
  mlflow = await openVendorServer();
  const { tell } = modelRecordKeeper(stage.environment.client);
  const of = (registry: string | null, model: string) => ({ cluster: CLUSTER, registry, model });
  await tell(of('mlflow', 'churn'), [healthy('7', 's3://models/churn/7')]);
  await tell(of(null, 'twin'), [healthy(null, 's3://models/twin')]);
  await tell(of('mlflow', 'twin'), [healthy('1', 's3://models/twin/1')]);
  await tell({ ...of(null, 'far'), cluster: 'other' }, [healthy(null, 's3://models/far')]);
  await until('they are listed', async () => JSON.parse((await models('list', '--all-clusters', '--json')).out).models.length === 4);
}, 3_600_000);

afterAll(async () => {
  await worker?.stop();
  await mlflow?.close();
  await stage?.leave();
});

const models = (...args: readonly string[]) => runParamedic(['models', ...args], { ...stage.settings, PARAMEDIC_CLUSTER: CLUSTER });
const withMlflow = (...args: readonly string[]) =>
  runParamedic(['models', ...args], {
    ...stage.settings,
    PARAMEDIC_CLUSTER: CLUSTER,
    PARAMEDIC_MLFLOW_URL: mlflow.url,
  });
const record = async (model: string) => JSON.parse((await models('history', model, '--json')).out).record;

describe('paramedic models', () => {
  it('lists the models of the cluster with what was last healthy, for people and as JSON', async () => {
    const { code, out } = await models('list');
    const [header, ...rows] = out.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(header).toMatch(/^MODEL +REGISTRY +CLUSTER +LAST HEALTHY +FOR +UNTIL +PIN +QUARANTINED$/);
    expect(rows).toEqual([
      expect.stringMatching(/^twin +- +served +s3:\/\/models\/twin +3 h +1970-01-01 03:00:00 +- +-$/),
      expect.stringMatching(/^churn +mlflow +served +7 +3 h +1970-01-01 03:00:00 +- +-$/),
      expect.stringMatching(/^twin +mlflow +served +1 +/),
    ]);
  });

  it('pins a version with who and why, shows it, and unpins it', async () => {
    expect(await models('pin', 'churn', '7', ...reason)).toEqual({
      code: 0,
      out: `Version 7 of churn (mlflow, cluster served) is pinned, said ${me}: looked at it\n`,
      err: '',
    });
    const { out } = await models('history', 'churn');
    expect(out).toContain(`  Version 7 is pinned by ${me} since `);
    expect(out).toMatch(/VERSION +FROM +UNTIL +FOR +SERVER +ADDRESS\n +7 +1970-01-01 00:00:00 +1970-01-01 03:00:00 +3 h +ml\/Inf/);
    const refused = await models('quarantine', 'churn', '7', ...reason);
    expect(refused).toEqual({ code: 1, out: '', err: `Cannot quarantine version 7 of churn: it is pinned by ${me}. Unpin it first.\n` });
    expect((await models('unpin', 'churn', ...reason, '--json')).code).toBe(0);
    expect(await record('churn')).toMatchObject({ pin: null });
  });

  it('quarantines in the record and in the registry, and says which of the two was done', async () => {
    const done = await withMlflow('quarantine', 'churn', '8', ...reason);
    expect(done.out.split('\n')[1]).toBe('In the record, and in the registry mlflow.');
    expect(mlflow.got.map(({ body }) => JSON.parse(body))).toEqual([
      { name: 'churn', version: '8', key: 'paramedic.quarantined_by', value: me },
      { name: 'churn', version: '8', key: 'paramedic.status', value: 'quarantined' },
    ]);
    const released = await models('release', 'churn', '8', ...reason);
    expect(released.out.split('\n')[1]).toBe('In the record alone: the registry mlflow is not configured here.');
    expect(await record('churn')).toMatchObject({ quarantined: [] });
  });

  it('says that the registry was not told, and ends with 1, where it refuses', async () => {
    mlflow.answer({ status: 403, body: 'Permission denied' });
    const { code, out } = await withMlflow('quarantine', 'twin', '1', ...reason, '--registry', 'mlflow', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      record: 'done',
      registry: { kind: 'failed', registry: 'mlflow', why: expect.stringContaining('EDIT on the registered model') },
    });
  });

  it('asks which is meant where several are called so', async () => {
    expect(await models('history', 'twin')).toEqual({
      code: 1,
      out: '',
      err: 'Several models of cluster served are called "twin"; say which with --registry, one of: -, mlflow.\n',
    });
    expect((await models('history', 'twin', '--registry', '-')).code).toBe(0);
  });

  it('says that nothing is known of a model, and begins its record where its registry is named', async () => {
    expect((await models('pin', 'new', '1', ...reason)).err).toMatch(/^Nothing is known of a model "new" in cluster served: /);
    expect((await models('quarantine', 'new', '1', ...reason, '--registry', 'mlflow')).code).toBe(0);
    expect((await models('history', 'new', '--registry', 'mlflow')).out).toMatch(/Quarantined\n +VERSION.*\n +1 +/);
    expect((await models('history', 'nobody', '--registry', 'mlflow')).err).toContain('There is no record of nobody');
  });

  it('asks for a reason, and tells how it is used', async () => {
    const { code, err } = await models('pin', 'churn', '7');
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining("required option '--reason <text>' not specified") });
    for (const one of ['list', 'history', 'pin', 'unpin', 'quarantine', 'release'])
      expect((await models(one, '--help')).out).toMatch(new RegExp(`Examples?:\\n  paramedic models ${one}`));
  });

  it('lists all the same where no worker is there to tell, and says so', async () => {
    const { out } = await models('list', '--all-clusters');
    expect(out).toMatch(/far +- +other +\? +\?/);
    expect(out).toContain('no worker answered');
  });

  it('says that Temporal cannot be reached', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const { code, err } = await runParamedic(['models', 'list'], { TEMPORAL_ADDRESS: address });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(`^Cannot reach Temporal at ${address}`) });
  });
});
