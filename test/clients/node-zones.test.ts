import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { type NodeZones, nodeZones } from '../../clients/kubernetes/node-zones.ts';

const NODES = [
  { metadata: { name: 'node-1', labels: { 'topology.kubernetes.io/zone': 'eu-west-1a' } } },
  { metadata: { name: 'node-2', labels: {} } },
];

let server: Server;
let code: number;
let asked: number;
let zones: NodeZones;

beforeAll(async () => {
  server = createServer((_request, response) => {
    asked++;
    response
      .writeHead(code, { 'content-type': 'application/json' })
      .end(JSON.stringify({ kind: 'NodeList', apiVersion: 'v1', items: NODES }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  [code, asked] = [200, 0];
  const config = new KubeConfig();
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: 'double', server: address, skipTLSVerify: true }, { name: 'me' });
  zones = nodeZones(config);
});

describe('the zones of nodes', () => {
  it('are asked for once by all that look at the same time or soon after', async () => {
    expect([...(await Promise.all([zones(), zones()]))[1]!]).toEqual([['node-1', 'eu-west-1a']]);
    await zones();
    expect(asked).toBe(1);
  });

  it('are none where they cannot be read, and are asked for again', async () => {
    code = 403;
    expect((await zones()).size).toBe(0);
    code = 200;
    expect((await zones()).size).toBe(1);
  });
});
