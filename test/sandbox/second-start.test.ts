import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from '@jest/globals';
import { bringUp, type Sandbox } from '../../sandbox/sandbox.ts';
import { until as untilWithin } from '../until.ts';
import { isFiring } from './alerts.ts';
import { inferenceServices } from './inference-services.ts';

const ALERT = { alertname: 'KServeInferenceServiceNotReady', inferenceservice: 'ranker' };

let dataDir: string;
let sandbox: Sandbox;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'paramedic-again-'));
  sandbox = await start();
}, 3_600_000);

afterAll(async () => {
  await sandbox?.down();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

function start(ports: Parameters<typeof bringUp>[0]['ports'] = {}): Promise<Sandbox> {
  return bringUp({
    dataDir,
    ports,
    without: ['temporal', 'mlflow', 'alertmanager'],
    progress: (line) => process.stderr.write(`${line}\n`),
  });
}

const until = (what: string, holds: () => Promise<boolean>) => untilWithin(what, holds, 200, 60_000);

it('a sandbox that comes up again on other ports goes on with its models and their alerts', async () => {
  const before = inferenceServices(sandbox.addresses.kubeconfigPath, 'default');
  await before.create('ranker', 's3://sandbox-models/ranker/1');
  await until('the model is ready', () => before.isReady('ranker'));
  await sandbox.down();
  const anchor = sandbox.addresses.gatewayPort + 60;
  sandbox = await start({ 'kube-state-metrics': anchor, 'kserve-webhooks': anchor + 1, prometheus: anchor + 2 });
  const services = inferenceServices(sandbox.addresses.kubeconfigPath, 'default');
  await until('the model is ready again', () => services.isReady('ranker'));
  await services.serve('ranker', 's3://sandbox-models/ranker/2-broken');
  await until('its alert fires', () => isFiring(sandbox.addresses.prometheusUrl, ALERT));
  await services.serve('ranker', 's3://sandbox-models/ranker/1');
  await until('its alert is over', async () => !(await isFiring(sandbox.addresses.prometheusUrl, ALERT)));
}, 300_000);
