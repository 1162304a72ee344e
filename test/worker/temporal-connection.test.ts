import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../../worker/listen.ts';
import { connectToTemporal, temporalConnectionOptions } from '../../worker/temporal.ts';

describe('connectToTemporal()', () => {
  it('says at once, when told to try once, that nothing listens there', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    await expect(connectToTemporal({ TEMPORAL_ADDRESS: address }, { patienceMs: 0 })).rejects.toThrow(
      `Cannot reach Temporal at ${address} (TEMPORAL_ADDRESS): nothing listens there (connection refused). Start a Temporal server there, or set TEMPORAL_ADDRESS to where one is.`,
    );
  });

  it('tells of every failed try, and gives up when patience ends', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const told: string[] = [];
    const waiting = (reason: string) => told.push(reason);
    await expect(connectToTemporal({ TEMPORAL_ADDRESS: address }, { patienceMs: 1_000, waiting })).rejects.toThrow(
      /, tried for 1 s: nothing/,
    );
    expect(told).toEqual(['nothing listens there (connection refused)']);
  });

  it('says when something else listens there', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0\r\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = `127.0.0.1:${(server.address() as { port: number }).port}`;
    await expect(connectToTemporal({ TEMPORAL_ADDRESS: address }, { patienceMs: 0 })).rejects.toThrow(
      'something listens there but does not talk as Temporal does (wrong port, or TLS?)',
    );
    server.close();
  }, 20_000);
});

describe('temporalConnectionOptions()', () => {
  const TEMPORAL_ADDRESS = 'ml.tmprl.cloud:7233';

  it('talks in the clear where nothing asks for more', () => {
    expect(temporalConnectionOptions({ TEMPORAL_ADDRESS })).toEqual({ address: TEMPORAL_ADDRESS, tls: null });
  });

  it('talks TLS with an API key, as Temporal Cloud wants it, unless that is forbidden', () => {
    const TEMPORAL_API_KEY = 'key';
    expect(temporalConnectionOptions({ TEMPORAL_ADDRESS, TEMPORAL_API_KEY })).toEqual({
      address: TEMPORAL_ADDRESS,
      apiKey: 'key',
      tls: {},
    });
    expect(temporalConnectionOptions({ TEMPORAL_ADDRESS, TEMPORAL_API_KEY, TEMPORAL_TLS: false }).tls).toBeNull();
  });

  it('shows a client certificate and trusts the authority it is given', () => {
    const folder = mkdtempSync(join(tmpdir(), 'paramedic-tls-'));
    const file = (name: string) => {
      writeFileSync(join(folder, name), name);
      return join(folder, name);
    };
    const options = temporalConnectionOptions({
      TEMPORAL_ADDRESS,
      TEMPORAL_TLS_CLIENT_CERT_PATH: file('certificate'),
      TEMPORAL_TLS_CLIENT_KEY_PATH: file('key'),
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('authority'),
      TEMPORAL_TLS_SERVER_NAME: 'temporal.internal',
    });
    rmSync(folder, { recursive: true });
    expect(options.tls).toEqual({
      serverNameOverride: 'temporal.internal',
      serverRootCACertificate: Buffer.from('authority'),
      clientCertPair: { crt: Buffer.from('certificate'), key: Buffer.from('key') },
    });
  });
});
