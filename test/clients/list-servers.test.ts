import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { modelServers } from '../../clients/kubernetes/list-servers.ts';
import type { OutsideClient } from '../../clients/outside.ts';
import { NO_SYSTEMS, type Systems } from '../../clients/systems.ts';
import type { OutsideKind } from '../../incident/target.ts';
import { kubeconfigFor } from '../cli/api-server-double.ts';

interface Listed {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: object;
    readonly ownerReferences?: object[];
  };
}

const servers: Server[] = [];
afterEach(() => {
  for (const one of servers.splice(0)) {
    one.closeAllConnections();
    one.close();
  }
});

const named = (name: string, more: object = {}): Listed => ({ metadata: { name, namespace: 'ml', ...more } });
const says = { annotations: { 'paramedic.dev/model': 'churn' } };

/** Lists where the API server has these objects, by plural; a number is the status it answers with. Pages hold one object each. */
async function list(objects: Readonly<Record<string, readonly Listed[] | number>>, outside: Systems['outside'] = new Map()) {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    const found = objects[pathname.split('/').at(-1) ?? ''] ?? 404;
    if (typeof found === 'number')
      return void response.writeHead(found, { 'content-type': 'application/json' }).end('{"message":"it says no"}');
    const at = Number(searchParams.get('continue') ?? 0);
    const next = at + 1 < found.length ? { continue: String(at + 1) } : {};
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ metadata: next, items: found.slice(at, at + 1) }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const config = new KubeConfig();
  config.loadFromString(kubeconfigFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  const found = await modelServers(config, { ...NO_SYSTEMS, outside }, 'prod').list();
  const { unlisted } = found;
  return { servers: found.servers.map(({ cluster, namespace, kind, name }) => `${cluster}/${namespace}/${kind}/${name}`), unlisted };
}

const outsideServer = (list?: OutsideClient['list']) =>
  new Map([
    ['VertexEndpoint' as OutsideKind, { is: 'server', namespace: 'vertex', ...(list ? { list } : {}) } as unknown as OutsideClient],
  ]);

describe('the model servers of a cluster', () => {
  it('are those of every kind whose definition is there, page after page', async () => {
    expect(await list({ inferenceservices: [named('churn'), named('fraud')] })).toEqual({
      servers: ['prod/ml/InferenceService/churn', 'prod/ml/InferenceService/fraud'],
      unlisted: [],
    });
  });

  it('are workloads that name their model, and none that a controller made', async () => {
    const made = named('churn-predictor', { ...says, ownerReferences: [{ controller: true }] });
    const { servers } = await list({ deployments: [named('web'), named('ranker', says), made], statefulsets: [named('scorer', says)] });
    expect(servers).toEqual(['prod/ml/Deployment/ranker', 'prod/ml/StatefulSet/scorer']);
  });

  it('that may not be listed are told so, and the others listed all the same (safety 18)', async () => {
    const { servers, unlisted } = await list({ inferenceservices: [named('churn')], deployments: 403 });
    expect(servers).toEqual(['prod/ml/InferenceService/churn']);
    expect(unlisted).toEqual(['the Deployments of all namespaces: the API server answers 403: it says no']);
  });

  it('are also those outside of Kubernetes whose system can list them', async () => {
    const listed = await list(
      {},
      outsideServer(async () => ['churn']),
    );
    expect(listed).toEqual({ servers: ['prod/vertex/VertexEndpoint/churn'], unlisted: [] });
    const away = await list(
      {},
      outsideServer(() => Promise.reject(new Error('it is away'))),
    );
    expect(away).toEqual({ servers: [], unlisted: ['the VertexEndpoints of vertex: it is away'] });
    expect(await list({}, outsideServer())).toEqual({ servers: [], unlisted: [] });
  });
});
