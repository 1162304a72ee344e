import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer } from '../../../gateway/sources/locks/bearer.ts';
import { clientCertificate } from '../../../gateway/sources/locks/client-certificate.ts';
import { eitherOf } from '../../../gateway/sources/locks/lock.ts';
import { followTlsFiles, type TlsFiles } from '../../../gateway/tls.ts';
import { until } from '../../until.ts';
import { SOURCES } from './all-sources.ts';
import { type Authority, type Certificate, newAuthority } from './authority.ts';
import { openStage, type Stage } from './stage.ts';

const NAME = 'alertmanager.monitoring.svc';
const SECRET = 'a-secret-of-enough-length';

let folder: string;
let files: TlsFiles;
let authority: Authority;
let stranger: Authority;
let stage: Stage;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  authority = newAuthority(folder, 'authority');
  stranger = newAuthority(folder, 'stranger');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  const served = authority.issue('gateway', 'DNS:gateway,IP:127.0.0.1');
  files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key'), clientCa: authority.cert };
  copyFileSync(served.cert, files.cert);
  copyFileSync(served.key, files.key);
  const certificate = clientCertificate([NAME, 'spiffe://ml/checks'], 'PARAMEDIC_GATEWAY_CLIENTS');
  stage = await openStage(
    {
      alertmanager: SOURCES.alertmanager.open(certificate),
      grafana: SOURCES.grafana.open(eitherOf(certificate, bearer([SECRET], 'PARAMEDIC_GRAFANA_TOKEN'))),
    },
    { tls: files },
  );
});
afterEach(() => stage.close());

function send(shown: Certificate | null, path = '/alerts/alertmanager', headers = {}): Promise<number> {
  const certificate = shown === null ? {} : { cert: readFileSync(shown.cert), key: readFileSync(shown.key) };
  const method = path.startsWith('/alerts/') ? 'POST' : 'GET';
  const options = { host: '127.0.0.1', port: stage.port, path, method, headers, ca: readFileSync(authority.cert), agent: false as const };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, ...certificate }, (answer) => resolve(answer.resume().statusCode ?? 0));
    sent.on('error', reject);
    sent.end(method === 'POST' ? JSON.stringify(SOURCES.alertmanager.sample) : '');
  });
}

describe('a source that shows a client certificate', () => {
  it.each([
    ['for its name', () => authority.issue('any', `DNS:${NAME}`), 200],
    ['for its name among others', () => authority.issue('any', `DNS:other,URI:spiffe://ml/checks`), 200],
    ['with its common name, where that is all it has', () => authority.issue(NAME), 200],
    ['with its common name, where other names are said to count', () => authority.issue(NAME, 'DNS:other'), 401],
    ['for another name', () => authority.issue('any', 'DNS:other'), 401],
    ['for a name that holds its own', () => authority.issue('any', `DNS:${NAME}.example`), 401],
    ['for a name that only looks like two', () => authority.issue(`x, DNS:${NAME}`, 'DNS:other'), 401],
    ['of another authority', () => stranger.issue('any', `DNS:${NAME}`), 401],
    ['that signed itself', () => ({ cert: stranger.cert, key: join(folder, 'stranger.key') }), 401],
    ['of which there is none', () => null, 401],
  ])('%s is let in, or not, as it must be (safety 29)', async (_what, shown, code) => {
    expect(await send(shown())).toBe(code);
  });

  it('needs no secret besides, and who shows the secret needs no certificate', async () => {
    const authorization = `Bearer ${SECRET}`;
    expect(await send(authority.issue('any', `DNS:${NAME}`), '/alerts/grafana')).toBe(200);
    expect(await send(null, '/alerts/grafana', { authorization })).toBe(200);
    expect(await send(authority.issue('any', 'DNS:other'), '/alerts/grafana', { authorization })).toBe(200);
    expect(await send(null, '/alerts/grafana')).toBe(401);
  });

  it('is not asked for one by who only asks for the health', async () => {
    expect(await send(null, '/healthz')).toBe(200);
  });
});

describe('the gateway’s own certificate', () => {
  const served = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: stage.port, ca: readFileSync(authority.cert) }, () => {
        resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
        socket.destroy();
      });
      socket.on('error', reject);
    });

  it('is used anew when its files change, and stays where they hold none', async () => {
    const before = await served();
    const noted: string[] = [];
    const note = (_fields: object, message: string) => void noted.push(message);
    const following = followTlsFiles(stage.server as unknown as Server, files, { info: note, warn: note }, 50);
    try {
      writeFileSync(files.cert, 'no certificate');
      await until('a certificate is refused', () => Promise.resolve(noted.some((message) => message.includes('the one before stays'))));
      expect(await served()).toBe(before);
      const next = authority.issue('gateway', 'DNS:gateway,IP:127.0.0.1');
      copyFileSync(next.key, files.key);
      copyFileSync(next.cert, files.cert);
      await until('the new certificate is served', async () => (await served()) !== before);
    } finally {
      following.stop();
    }
  });
});
