import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { ApiRefusal, type RawReader, rawReader } from '../../clients/kubernetes/watching/raw-reader.ts';

const PODS = { group: '', version: 'v1', plural: 'pods' };
const JOBS = { group: 'batch', version: 'v1', plural: 'jobs' };
const DATE = 'Sun, 29 Nov 2026 12:00:00 GMT';

let server: Server;
let reader: RawReader;
let asked: string[];
let times: number[];
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('date', DATE);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const config = new KubeConfig();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: 'double', server: url, skipTLSVerify: true }, { name: 'double' });
  reader = rawReader(config, (serverMs) => times.push(serverMs));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  asked = [];
  times = [];
});

const answers = (code: number, body: object | string) => {
  answer = (response) => response.writeHead(code).end(typeof body === 'string' ? body : JSON.stringify(body));
};
const event = (type: string, version: string) =>
  `${JSON.stringify({ type, object: { kind: 'Pod', metadata: { name: 'a', resourceVersion: version } } })}\n`;
async function watch(): Promise<string[]> {
  const seen: string[] = [];
  const end = await reader.watch(
    PODS,
    'ml',
    '7',
    ({ type, resourceVersion }) => seen.push(`${type} ${resourceVersion}`),
    new AbortController().signal,
  );
  return [...seen, end.kind];
}

describe('reading objects as the API server sends them', () => {
  it('lists a page, from where the one before ended, and tells the time that the API server has', async () => {
    answers(200, { metadata: { resourceVersion: '9', continue: 'more' }, items: [{ metadata: { name: 'a' } }] });
    expect(await reader.list(JOBS, '', { limit: 2, continue: undefined })).toEqual({
      items: [{ metadata: { name: 'a' } }],
      resourceVersion: '9',
      continueAt: 'more',
    });
    await reader.list(PODS, 'ml', { limit: 2, continue: 'more' });
    expect(asked).toEqual(['/apis/batch/v1/jobs?limit=2', '/api/v1/namespaces/ml/pods?limit=2&continue=more']);
    expect(times).toEqual([Date.parse(DATE), Date.parse(DATE)]);
  });

  it('takes an object that does not exist for none, and every other refusal for one, without secrets (safety 18, 34)', async () => {
    answers(404, { kind: 'Status', message: 'pods "a" not found', code: 404 });
    expect(await reader.get(PODS, 'ml', 'a')).toBeNull();
    answers(403, { kind: 'Status', message: 'forbidden: token=abc123secret', code: 403 });
    await expect(reader.get(PODS, 'ml', 'a')).rejects.toEqual(new ApiRefusal(403, 'forbidden: token=[redacted]'));
    answers(502, '<html>bad gateway</html>');
    await expect(reader.list(PODS, '', {})).rejects.toThrow('HTTP 502');
  });

  it('watches from a version on, with bookmarks, and says that it was closed', async () => {
    answers(200, event('ADDED', '8') + event('BOOKMARK', '20') + event('DELETED', '21'));
    expect(await watch()).toEqual(['ADDED 8', 'BOOKMARK 20', 'DELETED 21', 'closed']);
    expect(asked[0]).toMatch(/^\/api\/v1\/namespaces\/ml\/pods\?watch=true&resourceVersion=7&allowWatchBookmarks=true&timeoutSeconds=\d+$/);
  });

  it('leaves out an event that was cut off in the middle', async () => {
    answer = (response) => {
      response.writeHead(200);
      response.write(event('ADDED', '8') + event('MODIFIED', '9').slice(0, 20), () => response.socket?.destroy());
    };
    const [first, end, ...more] = await watch();
    expect([first, ['closed', 'failed'].includes(end!), more]).toEqual(['ADDED 8', true, []]);
  });

  it('says that its version is not kept any more, whether it is refused or told by an event', async () => {
    answers(410, { kind: 'Status', code: 410 });
    expect(await watch()).toEqual(['expired']);
    answers(
      200,
      event('ADDED', '8') + JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old resource version' } }),
    );
    expect(await watch()).toEqual(['ADDED 8', 'expired']);
  });

  it('says that a watch failed where it was refused, and ends one when told to', async () => {
    answers(500, { kind: 'Status', code: 500 });
    expect(await watch()).toEqual(['failed']);
    answer = (response) => {
      response.writeHead(200);
      response.flushHeaders();
    };
    const stopping = new AbortController();
    const watching = reader.watch(PODS, '', '7', () => undefined, stopping.signal);
    setTimeout(() => stopping.abort(), 100);
    expect(await watching).toEqual({ kind: 'closed' });
  });
});
