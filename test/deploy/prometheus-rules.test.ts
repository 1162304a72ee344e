import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '../../worker/listen.ts';
import { ownMetrics } from '../../worker/metrics.ts';
import { type ApiServerDouble, startApiServerDouble } from '../cli/api-server-double.ts';
import { type Going, startParamedic, untilReady } from '../cli/run-paramedic.ts';
import { until } from '../until.ts';
import { type RealPrometheus, startPrometheus } from './real-prometheus.ts';

jest.setTimeout(180_000);

const RULES = join(import.meta.dirname, '..', '..', 'deploy', 'prometheus', 'paramedic-rules.yaml');

let cluster: ApiServerDouble;
let prometheus: RealPrometheus;
let up: Going | undefined;
/** A worker whose troubles a test brings about. */
let troubled: Server;
let isReady = true;
let isLost = false;
const { registry, figures } = ownMetrics({
  cluster: 'troubled',
  parts: ['worker'],
  isReady: async () => isReady,
  lostRecords: async () => ({ 'permit-office/troubled': isLost }),
});

/** The shipped rules with seconds where they wait minutes. */
function hurriedRules(): string {
  const shipped = readFileSync(RULES, 'utf8');
  expect(shipped.match(/for: \dm$/gm)).toHaveLength(6);
  return shipped.replaceAll(/for: \dm$/gm, 'for: 1s').replaceAll('[15m]', '[30s]');
}

beforeAll(async () => {
  cluster = await startApiServerDouble();
  troubled = createServer(async (_request, response) => {
    response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
  });
  await new Promise<void>((resolve) => troubled.listen(0, '127.0.0.1', resolve));
  prometheus = await startPrometheus(join(cluster.folder, 'prometheus'), hurriedRules());
}, 3_600_000);

afterAll(async () => {
  up?.child.kill('SIGKILL');
  await up?.ended;
  await prometheus?.stop();
  troubled?.closeAllConnections();
  troubled?.close();
  cluster?.close();
});

/** The alerts that fire now, with the labels that tell them apart. */
async function firing(): Promise<string[]> {
  const { alerts } = await prometheus.api<{ alerts: { state: string; labels: Record<string, string> }[] }>('alerts');
  return alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels: { alertname, cluster: of, part, office, channel } }) =>
      [alertname, of, part, office, channel].filter(Boolean).join(' '),
    )
    .sort();
}

const fires = (...alerts: string[]) =>
  until(`${alerts.join(', ')} fire`, async () => JSON.stringify(await firing()) === JSON.stringify(alerts));

describe('the alerts about Paramedic itself, in a real Prometheus', () => {
  it('are understood, each of them', async () => {
    await until('all were evaluated', async () => (await rules()).every(({ health }) => health !== 'unknown'));
    expect((await rules()).map(({ name, health }) => `${name} ${health}`)).toEqual([
      'ParamedicGone ok',
      'ParamedicNotReady ok',
      'ParamedicCannotTell ok',
      'ParamedicChannelFails ok',
      'ParamedicPermitRecordLost ok',
      'ParamedicUntold ok',
      'ParamedicNotBegun ok',
      'ParamedicQuestionExpires ok',
      'ParamedicAuditNotWritten ok',
      'ParamedicMadeWorse ok',
      'ParamedicWatchBlind ok',
    ]);
  });

  it('fire where no worker was ever seen (safety 31)', () => fires('ParamedicGone worker'));

  it('fire when a worker is not ready, when nobody can be told, and when a record of permits is lost (safety 31)', async () => {
    prometheus.scrape((troubled.address() as AddressInfo).port);
    await until('it is scraped', async () => (await prometheus.values('paramedic_ready{cluster="troubled"}')).includes('1'));
    await fires();
    isReady = false;
    isLost = true;
    figures?.message('pagerDuty', 'untold');
    await fires(
      'ParamedicCannotTell troubled',
      'ParamedicNotReady troubled worker',
      'ParamedicPermitRecordLost troubled permit-office/troubled',
    );
    isReady = true;
    isLost = false;
    figures?.message('slack', 'failed');
    await until('the others are over', async () => (await firing()).includes('ParamedicChannelFails troubled slack'));
    await fires();
  });

  it('fire when Paramedic is killed, and are over when it runs again (safety 31)', async () => {
    const start = async () => {
      const gatewayPort = await freePort();
      prometheus.scrape(gatewayPort);
      const environment = { KUBECONFIG: cluster.kubeconfig, PARAMEDIC_GATEWAY_PORT: String(gatewayPort), PARAMEDIC_CLUSTER: 'real' };
      up = startParamedic(['up', '--data', join(cluster.folder, 'up')], environment);
      await untilReady(up, `http://127.0.0.1:${gatewayPort}`);
      await until('it is scraped', async () => (await prometheus.values('paramedic_ready{cluster="real"}')).join() === '1,1,1');
      await until(
        'its offices are asked',
        async () => (await prometheus.values('paramedic_permit_record_lost{cluster="real"}')).join() === '0,0',
      );
    };
    await start();
    await fires('ParamedicGone troubled worker');
    up?.child.kill('SIGKILL');
    await up?.ended;
    await fires('ParamedicGone real gateway', 'ParamedicGone real watch', 'ParamedicGone real worker', 'ParamedicGone troubled worker');
    await start();
    await fires('ParamedicGone troubled worker');
  });
});

async function rules(): Promise<{ name: string; health: string }[]> {
  return (await prometheus.api<{ groups: { rules: { name: string; health: string }[] }[] }>('rules')).groups.flatMap(
    (group) => group.rules,
  );
}
