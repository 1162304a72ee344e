import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Refused, TargetChanged, TargetGone } from '../../clients/failures.ts';
import type { OutsideClient } from '../../clients/outside.ts';
import { airflowDags } from '../../clients/pipelines/airflow.ts';
import { mlflowRegistry } from '../../clients/registries/mlflow.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { healthOf } from '../../diagnosis/health.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { PipelineEvidence } from '../../incident/pipeline.ts';
import { retryRun } from '../../remedies/retry-run.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { until } from '../until.ts';
import { bringUpOnly } from './bring-up-only.ts';

const RAISES = 'raise FileNotFoundError("there are no rows")';

const DAG = `
from pathlib import Path

from airflow.sdk import dag, task


@dag(schedule=None)
def nightly():
    @task
    def train():
        if not (Path(__file__).parent / "rows").exists():
            raise FileNotFoundError("there are no rows")

    train()


nightly()
`;

let folder: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-python-'));
  sandbox = await bringUpOnly(['mlflow-auth', 'airflow'], folder);
}, 1_800_000);

afterAll(async () => {
  await sandbox?.down();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

function airflow() {
  const { airflowUrl, airflowPasswordFile } = sandbox.addresses;
  const send = (path: string, method: string, body?: object, token?: string) =>
    fetch(`${airflowUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  return {
    send,
    async token() {
      const answer = await send('/auth/token', 'POST', { username: 'admin', password: readFileSync(airflowPasswordFile, 'utf8') });
      return ((await answer.json()) as { access_token: string }).access_token;
    },
  };
}

describe('Airflow', () => {
  it('asks for a token', async () => {
    expect((await airflow().send('/api/v2/dags', 'GET')).status).toBe(401);
  });

  it('runs a DAG that is put into its folder, and once more what failed of it', async () => {
    const { send, token } = airflow();
    const admin = await token();
    const dags = sandbox.addresses.airflowDagsPath;
    writeFileSync(join(dags, 'nightly.py'), DAG);
    await until('the DAG is known', async () => (await send('/api/v2/dags/nightly', 'GET', undefined, admin)).ok);
    const run = await send('/api/v2/dags/nightly/dagRuns', 'POST', { dag_run_id: 'first', logical_date: null }, admin);
    expect(run.status).toBe(200);
    const runs = '/api/v2/dags/nightly/dagRuns/first';
    const state = async () => ((await (await send(runs, 'GET', undefined, admin)).json()) as { state: string }).state;
    await until('the run failed', async () => (await state()) === 'failed');
    writeFileSync(join(dags, 'rows'), '');
    await send(`${runs}/clear`, 'POST', { dry_run: false, only_failed: true }, admin);
    await until('the run succeeded', async () => (await state()) === 'success');
  }, 480_000);

  it('shows no example DAGs', async () => {
    const { send, token } = airflow();
    const { dags } = (await (await send('/api/v2/dags', 'GET', undefined, await token())).json()) as { dags: { dag_id: string }[] };
    expect(dags.map(({ dag_id }) => dag_id)).not.toContain('example_bash_operator');
    expect(dags.map(({ dag_id }) => dag_id)).toContain('nightly');
  });
});

describe('a DAG of Airflow', () => {
  const target = (name: string) => ({ cluster: 'test', namespace: 'airflow', kind: 'AirflowDag', name }) as const;
  const client = (password = readFileSync(sandbox.addresses.airflowPasswordFile, 'utf8')) =>
    airflowDags({
      url: sandbox.addresses.airflowUrl,
      answerMsMax: 120_000,
      credentials: { kind: 'user', username: 'admin', password },
    }) as Extract<OutsideClient, { is: 'pipeline' }>;
  const see = (name: string) => client().observe(target(name)) as Promise<PipelineEvidence>;

  async function failing(name: string, statement: string): Promise<PipelineEvidence> {
    const { send, token } = airflow();
    const admin = await token();
    rmSync(join(sandbox.addresses.airflowDagsPath, 'rows'), { force: true });
    writeFileSync(join(sandbox.addresses.airflowDagsPath, `${name}.py`), DAG.replaceAll('nightly', name).replace(RAISES, statement));
    await until('the DAG is known', async () => (await send(`/api/v2/dags/${name}`, 'GET', undefined, admin)).ok);
    await send(`/api/v2/dags/${name}`, 'PATCH', { is_paused: false }, admin);
    await send(`/api/v2/dags/${name}/dagRuns`, 'POST', { dag_run_id: 'first', logical_date: null }, admin);
    await until('its run failed', async () => (await see(name)).runs[0]?.state === 'failed');
    return see(name);
  }

  it('is seen with what its failed task said, run again once by what failed of it, and well once that succeeded', async () => {
    const seen = await failing('passing', 'raise ConnectionError("connection reset by peer")');
    expect(diagnose(seen, QUIET_CONTEXT)).toMatchObject({
      cause: 'transient',
      reasons: [expect.stringContaining('connection reset by peer')],
    });
    const planned = retryRun(seen);
    if (planned.kind !== 'change' || planned.change.kind !== 'sameRun') throw new Error('It cannot be planned.');
    const act = { key: 'incident/1', dryRun: false };
    expect(await client().retry(target('passing'), planned.change, seen, { ...act, dryRun: true })).toBe('applied');
    expect((await see('passing')).runs[0]?.state).toBe('failed');
    writeFileSync(join(sandbox.addresses.airflowDagsPath, 'rows'), '');
    expect(await client().retry(target('passing'), planned.change, seen, act)).toBe('applied');
    expect(await client().retry(target('passing'), planned.change, seen, act)).toBe('alreadyApplied');
    await until('it is well', async () => healthOf(await see('passing')).kind === 'recovered');
    await expect(client().retry(target('passing'), planned.change, seen, { ...act, key: 'incident/2' })).rejects.toThrow(TargetChanged);
  }, 480_000);

  it('is known to be at fault itself by how its task ended, and has its schedule paused with our mark, and let go on', async () => {
    const seen = await failing('faulty', 'raise KeyError("rows")');
    expect(diagnose(seen, QUIET_CONTEXT).cause).toBe('code-error');
    const pause = { kind: 'schedule', from: 'active', to: 'suspended' } as const;
    const act = { key: 'incident/3', dryRun: false };
    expect(await client().pause(target('faulty'), pause, seen, act)).toBe('applied');
    expect(await client().pause(target('faulty'), pause, seen, act)).toBe('alreadyApplied');
    const { send, token } = airflow();
    const paused = async () =>
      ((await (await send('/api/v2/dags/faulty', 'GET', undefined, await token())).json()) as { is_paused: boolean }).is_paused;
    expect(await paused()).toBe(true);
    expect(
      await client().pause(target('faulty'), { ...pause, from: 'suspended', to: 'active' }, { ...seen, generation: null as never }, act),
    ).toBe('applied');
    expect(await paused()).toBe(false);
  }, 480_000);

  it('is gone where it does not exist, and shown to nobody with a wrong password', async () => {
    await expect(see('missing')).rejects.toThrow(TargetGone);
    const error = await client('a-wrong-password')
      .observe(target('passing'))
      .catch((one) => one);
    expect(error).toBeInstanceOf(Refused);
    expect(error.message).toContain('PARAMEDIC_AIRFLOW_');
    expect(error.message).not.toContain('a-wrong-password');
  }, 240_000);
});

describe('the MLflow registry with authentication', () => {
  const as = (username: string, password: string) =>
    mlflowRegistry({ url: sandbox.addresses.mlflowAuthUrl, credentials: { kind: 'basic', username, password } });
  const adminPassword = () => readFileSync(sandbox.addresses.mlflowAuthPasswordFile, 'utf8');

  async function asAdmin(path: string, body: object, version = '2.0'): Promise<void> {
    const authorization = `Basic ${Buffer.from(`admin:${adminPassword()}`).toString('base64')}`;
    const answer = await fetch(`${sandbox.addresses.mlflowAuthUrl}/api/${version}/mlflow/${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  it('is read and marked by whom it knows', async () => {
    await asAdmin('registered-models/create', { name: 'churn' });
    await asAdmin('model-versions/create', { name: 'churn', source: 's3://models/churn/1' });
    const registry = as('admin', adminPassword());
    await registry.mark('churn', { kind: 'alias', alias: 'last-known-good', version: '1' });
    expect(await registry.readModel('churn')).toMatchObject({ aliases: { 'last-known-good': '1' }, versions: [{ version: '1' }] });
  }, 240_000);

  it('does not know who shows a wrong password, and says which settings to check', async () => {
    const error = await as('admin', 'a-wrong-password')
      .readModel('churn')
      .catch((one) => one);
    expect(error).toBeInstanceOf(Refused);
    expect(error.message).toMatch(/^MLflow does not know us: check PARAMEDIC_MLFLOW_TOKEN, or PARAMEDIC_MLFLOW_USERNAME/);
    expect(error.message).not.toContain('a-wrong-password');
  }, 240_000);

  it('lets a reader read, and names the permission that marks take', async () => {
    await asAdmin('users/create', { username: 'reader', password: 'reads-and-no-more' });
    const grant = { username: 'reader', resource_type: 'registered_model', resource_id: 'churn', permission: 'READ' };
    await asAdmin('users/permissions/grant', grant, '3.0');
    const reader = as('reader', 'reads-and-no-more');
    expect((await reader.readModel('churn'))?.name).toBe('churn');
    const error = await reader.mark('churn', { kind: 'quarantined', version: '1', by: 'x' }).catch((one) => one);
    expect(error).toBeInstanceOf(Refused);
    expect(error.message).toMatch(/^MLflow does not allow it: EDIT on the registered model is missing\./);
    expect((await reader.readModel('churn'))?.versions[0]?.quarantined).toBe(false);
  }, 240_000);
});

describe('MLflow with authentication', () => {
  const search = (headers: Readonly<Record<string, string>>) =>
    fetch(`${sandbox.addresses.mlflowAuthUrl}/api/2.0/mlflow/registered-models/search`, { headers });
  const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` });

  it('refuses who shows no password, or a wrong one', async () => {
    expect((await search({})).status).toBe(401);
    expect((await search(basic('wrong'))).status).toBe(401);
  });

  it('answers its administrator, also after it was restarted', async () => {
    const admin = basic(readFileSync(sandbox.addresses.mlflowAuthPasswordFile, 'utf8'));
    expect((await search(admin)).status).toBe(200);
    await sandbox.restart('mlflow-auth');
    expect((await search(admin)).status).toBe(200);
  }, 480_000);
});
