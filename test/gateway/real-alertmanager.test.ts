import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alertmanager } from '../../gateway/sources/alertmanager.ts';
import { openGroupReader } from '../../gateway/sources/large-groups.ts';
import { bearer } from '../../gateway/sources/locks/bearer.ts';
import { clientCertificate } from '../../gateway/sources/locks/client-certificate.ts';
import { spawnTied } from '../../sandbox/lifeline.ts';
import { createObtainer } from '../../sandbox/obtain.ts';
import { answers } from '../../sandbox/readiness.ts';
import { freePort } from '../../worker/listen.ts';
import { until } from '../until.ts';
import { newAuthority } from './sources/authority.ts';
import { openStage, type Stage } from './sources/stage.ts';

const SECRET = 'a-secret-of-enough-length';

let folder: string;
let stage: Stage;
let url: string;
let child: ReturnType<typeof spawnTied>;

/** A real Alertmanager that sends everything twice: once with a client certificate, and once with a bearer token. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  const authority = newAuthority(folder, 'authority');
  const served = authority.issue('gateway', 'IP:127.0.0.1');
  const client = authority.issue('any', 'DNS:alertmanager.monitoring.svc');
  const read = openGroupReader();
  stage = await openStage(
    {
      certified: alertmanager(clientCertificate(['alertmanager.monitoring.svc'], 'PARAMEDIC_GATEWAY_CLIENTS'), read),
      bearer: alertmanager(bearer([SECRET], 'PARAMEDIC_GATEWAY_SECRET'), read),
    },
    { tls: { ...served, clientCa: authority.cert } },
  );
  const tls = { ca_file: authority.cert };
  const to = (source: string, http: object) => ({
    ...{ url: `https://127.0.0.1:${stage.port}/alerts/${source}`, send_resolved: true, http_config: http },
  });
  const receivers = [
    to('certified', { tls_config: { ...tls, cert_file: client.cert, key_file: client.key } }),
    to('bearer', { tls_config: tls, authorization: { credentials: SECRET } }),
  ];
  const configuration = {
    route: { receiver: 'paramedic', group_by: ['alertname'], group_wait: '0s', group_interval: '1s', repeat_interval: '1m' },
    receivers: [{ name: 'paramedic', webhook_configs: receivers }],
  };
  writeFileSync(join(folder, 'alertmanager.json'), JSON.stringify(configuration));
  const program = await createObtainer({ progress: () => undefined }).program('alertmanager');
  const address = `127.0.0.1:${await freePort()}`;
  url = `http://${address}`;
  const args = [`--config.file=${folder}/alertmanager.json`, `--storage.path=${folder}/data`, `--web.listen-address=${address}`];
  child = spawnTied(program, [...args, '--cluster.listen-address='], { output: 'pipe' });
  await until('Alertmanager is ready', () => answers(`${url}/-/ready`));
}, 3_600_000);

afterAll(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.kill()) await ended;
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function tell(pods: readonly string[], more: object = {}): Promise<void> {
  const alerts = pods.map((pod) => ({
    labels: { alertname: 'KubePodCrashLooping', namespace: 'ml', pod },
    annotations: { summary: 'Pod is crash looping.' },
    generatorURL: 'http://prometheus/graph?g0.expr=up+%3D%3D+0',
    ...more,
  }));
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  expect(answer.status).toBe(200);
}

describe('a real Alertmanager', () => {
  it('is let in by its certificate and by its token, and its alert is the same by either way', async () => {
    await tell(['ranker-1']);
    await until('the alert came by both ways', async () => stage.fired.length >= 2);
    const [one, other] = stage.fired;
    expect(one).toMatchObject({
      ...{ name: 'KubePodCrashLooping', status: 'firing', fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) },
      ...{ labels: { namespace: 'ml', pod: 'ranker-1' }, series: { query: 'up', threshold: '== 0' } },
    });
    expect(other).toEqual(one);
    await tell(['ranker-1'], { endsAt: new Date().toISOString() });
    await until('it is over by both ways', async () => stage.resolved.filter((id) => id === one!.fingerprint).length >= 2);
  });

  it('of which thousands fire at once is taken in one body, and sends again what was not kept (safety 21)', async () => {
    stage.isAway = true;
    const before = stage.fired.length;
    const pods = Array.from({ length: 5_000 }, (_, index) => `scorer-${index}`);
    await tell(pods);
    await until('it was asked to send again', async () =>
      stage.logged.some((line) => JSON.stringify(line).includes('asked to send again')),
    );
    stage.isAway = false;
    await until('all came', async () => new Set(stage.fired.slice(before).map(({ labels }) => labels.pod)).size === 5_000);
  });
});
