import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An API server that knows its version and who may do what, and nothing else; enough for the command line's questions. */
export interface ApiServerDouble {
  readonly kubeconfig: string;
  readonly folder: string;
  readonly url: string;
  close(): void;
}

interface Review {
  spec: { resourceAttributes: { verb: string; resource: string; subresource?: string } };
}

export async function startApiServerDouble(allows: (verb: string, resource: string) => boolean = () => true): Promise<ApiServerDouble> {
  const server = createServer(async (request, response) => {
    const answer = (body: object) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url?.replace(/\/$/, '') === '/version') return answer({ gitVersion: 'v1.35.4', major: '1', minor: '35' });
    if (request.url?.endsWith('/selfsubjectaccessreviews')) {
      const { spec } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Review;
      const { verb, resource, subresource } = spec.resourceAttributes;
      return answer({ spec, status: { allowed: allows(verb, subresource ? `${resource}/${subresource}` : resource) } });
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = mkdtempSync(join(tmpdir(), 'paramedic-cli-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(url));
  const close = () => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  };
  return { kubeconfig, folder, url, close };
}

/** A kubeconfig for a cluster at an address, named `test`. */
export function kubeconfigFor(url: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: { token: 'test' } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}
