import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PART_NAMES, type PartName } from '../../sandbox/parts/part.ts';
import { bringUp, type Sandbox } from '../../sandbox/sandbox.ts';
import { until } from '../until.ts';

const WANTED: readonly PartName[] = ['mlflow-auth', 'airflow'];

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
  sandbox = await bringUp({
    dataDir: folder,
    include: WANTED,
    without: PART_NAMES.filter((name) => !WANTED.includes(name)),
    progress: (line) => process.stderr.write(`${line}\n`),
  });
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
    expect(dags.map(({ dag_id }) => dag_id)).toEqual(['nightly']);
  });
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
