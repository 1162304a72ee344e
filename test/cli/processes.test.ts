import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '../../worker/listen.ts';
import { whyNotReachable } from '../../worker/reachable.ts';
import { temporalProgram } from '../temporal-program.ts';
import { type ApiServerDouble, startApiServerDouble } from './api-server-double.ts';
import { type Going, runParamedic, startParamedic, statusOf, untilReady } from './run-paramedic.ts';

jest.setTimeout(120_000);

let cluster: ApiServerDouble;
const started: Going[] = [];
let data: string;
let environment: NodeJS.ProcessEnv;
let gatewayUrl: string;

beforeAll(async () => {
  await temporalProgram();
  cluster = await startApiServerDouble();
}, 3_600_000);
afterAll(() => cluster.close());

afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

async function start(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Going> {
  const port = await freePort();
  gatewayUrl = `http://127.0.0.1:${port}`;
  environment = { KUBECONFIG: cluster.kubeconfig, PARAMEDIC_GATEWAY_PORT: String(port), ...more };
  const going = startParamedic(args, environment);
  started.push(going);
  return going;
}

/** `paramedic up` with a Temporal of its own in a folder of its own. */
async function startUp(folder: string): Promise<Going> {
  data = join(cluster.folder, folder);
  const going = await start(['up', '--data', data]);
  await untilReady(going, gatewayUrl);
  return going;
}

const temporalAddress = () => JSON.parse(readFileSync(join(data, 'temporal.json'), 'utf8')).address as string;

describe('paramedic up', () => {
  it('greets with what runs, in which mode and where to look, keeps its secret to the user, and ends cleanly', async () => {
    const up = await startUp('greeting');
    const { out, err } = up.printed();
    const secret = readFileSync(join(data, 'gateway-secret'), 'utf8').trim();
    expect(out).toContain(`cluster    test (${cluster.url})`);
    expect(out).toContain('mode       observe: nothing is changed; incidents say what would be done (--auto acts)');
    expect(out).toContain(`alerts     POST ${gatewayUrl}/alerts/alertmanager`);
    expect(out).toContain(`credentials_file: ${join(data, 'gateway-secret')}`);
    expect(out + err).not.toContain(secret);
    expect(statSync(join(data, 'gateway-secret')).mode & 0o777).toBe(0o600);

    const listed = await runParamedic(['incidents', 'list', '--json', '--data', data], environment);
    expect(JSON.parse(listed.out)).toEqual({ incidents: [], total: 0 });

    const temporal = temporalAddress();
    up.child.kill('SIGTERM');
    expect((await up.ended).code).toBe(0);
    expect(await whyNotReachable(temporal, 1_000)).toBe('nothing listens there (connection refused)');
    expect(existsSync(join(data, 'temporal.json'))).toBe(false);
  });

  it('takes its Temporal along when it is killed', async () => {
    const up = await startUp('killed');
    const temporal = temporalAddress();
    up.child.kill('SIGKILL');
    await up.ended;
    for (let tries = 0; (await whyNotReachable(temporal, 1_000)) === null; tries++) {
      expect(tries).toBeLessThan(50);
      await sleep(100);
    }
  });

  it('refuses a second one over the same folder', async () => {
    await startUp('twice');
    const { code, err } = await runParamedic(['up', '--data', data], { ...environment, PARAMEDIC_GATEWAY_PORT: '0' });
    expect({ code, err }).toEqual({
      code: 1,
      err: `Cannot start Temporal over ${data}: another "paramedic up" runs it at ${temporalAddress()}. End that one, or choose another folder with --data.\n`,
    });
  });
});

describe('worker and gateway', () => {
  it('show health and figures, and end on SIGTERM with exit code 0', async () => {
    await startUp('host');
    const TEMPORAL_ADDRESS = temporalAddress();
    const health = `127.0.0.1:${await freePort()}`;
    const worker = await start(['worker'], { TEMPORAL_ADDRESS, PARAMEDIC_HEALTH_ADDRESS: health, PARAMEDIC_CLUSTER: 'other' });
    const gateway = await start(['gateway'], { TEMPORAL_ADDRESS, PARAMEDIC_GATEWAY_SECRET: 'a-secret-of-enough-length' });
    await Promise.all([untilReady(worker, `http://${health}`), untilReady(gateway, gatewayUrl)]);

    const figures = await (await fetch(`http://${health}/metrics`)).text();
    expect(figures).toMatch(/^temporal_\S*worker\S* /m);
    expect(await (await fetch(`${gatewayUrl}/metrics`)).text()).toContain('paramedic_gateway_requests_total');

    for (const { child, ended } of [worker, gateway]) {
      child.kill('SIGTERM');
      const { code, err } = await ended;
      expect(code).toBe(0);
      expect(
        err
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).msg),
      ).toEqual(expect.arrayContaining(['Running.', 'Stopped.']));
    }
  });

  it('a watch that cannot have its Lease says so, watches nothing, and ends on SIGTERM with exit code 0', async () => {
    await startUp('watch');
    const health = `127.0.0.1:${await freePort()}`;
    const watch = await start(['watch', '--namespace', 'ml'], { TEMPORAL_ADDRESS: temporalAddress(), PARAMEDIC_HEALTH_ADDRESS: health });
    const readiness = async () => (await fetch(`http://${health}/readyz`).catch(() => null))?.text() ?? '';
    while (!(await readiness()).includes('Lease')) await sleep(100);
    expect(await readiness()).toBe('not ready: the Lease paramedic/paramedic-watch cannot be had: it answered 404\n');
    expect(await (await fetch(`http://${health}/metrics`)).text()).toContain('paramedic_watch_leader{cluster="local"} 0');
    watch.child.kill('SIGTERM');
    const { code, err } = await watch.ended;
    expect({ code, watched: err.includes('Watching the cluster') }).toEqual({ code: 0, watched: false });
  });

  it('live but not ready while Temporal is away, they refuse alerts for now and stop when told to', async () => {
    const TEMPORAL_ADDRESS = `127.0.0.1:${await freePort()}`;
    const gateway = await start(['gateway'], { TEMPORAL_ADDRESS, PARAMEDIC_GATEWAY_SECRET: 'a-secret-of-enough-length' });
    while ((await statusOf(`${gatewayUrl}/healthz`)) !== 200) await sleep(100);
    expect(await statusOf(`${gatewayUrl}/readyz`)).toBe(503);
    const answer = await fetch(`${gatewayUrl}/alerts/alertmanager`, {
      method: 'POST',
      headers: { authorization: 'Bearer a-secret-of-enough-length' },
      body: '{"version":"4","alerts":[]}',
    });
    expect(answer.status).toBe(503);
    gateway.child.kill('SIGINT');
    expect((await gateway.ended).code).toBe(0);
  });

  it('say which namespace Temporal does not have, and how to make it', async () => {
    await startUp('namespace');
    const TEMPORAL_ADDRESS = temporalAddress();
    const worker = { ...environment, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: 'nowhere', PARAMEDIC_HEALTH_ADDRESS: '127.0.0.1:0' };
    expect(await runParamedic(['worker'], worker)).toEqual({
      code: 1,
      out: '',
      err: `Temporal at ${TEMPORAL_ADDRESS} has no namespace "nowhere" (TEMPORAL_NAMESPACE). Make it with "temporal operator namespace create --address ${TEMPORAL_ADDRESS} --namespace nowhere".\n`,
    });
  });
});
