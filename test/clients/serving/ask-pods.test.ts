import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { goldenAsker } from '../../../clients/serving/ask-pods.ts';
import { goldenReader } from '../../../clients/serving/golden-reader.ts';
import { GoldenRequest } from '../../../incident/golden-request.ts';
import type { Target } from '../../../incident/target.ts';
import { evidence, modelServer, readyPod, sickPod } from '../../evidence.ts';
import { openVendorServer, type VendorServer } from '../http/vendor-server.ts';

const target: Target = { cluster: 'test', namespace: 'ml', kind: 'InferenceService', name: 'churn' };
const pods = [readyPod('churn-a'), sickPod({ name: 'churn-b' }), readyPod('churn-c')];
const serving = modelServer({ workload: evidence({ pods }) });
const REFUSED = { status: 403, body: '{"kind":"Status","message":"pods \\"churn-a\\" is forbidden"}' };

let server: VendorServer;

beforeEach(async () => {
  server = await openVendorServer();
});

afterEach(() => server.close());

function ask(golden: object, seen = serving) {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'test', server: server.url, skipTLSVerify: true }, { name: 'us', token: 'hunter2hunter2' });
  return goldenReader(goldenAsker(config))(target, seen, GoldenRequest.parse(golden));
}

const v2 = { protocol: 'v2', body: { inputs: [{ name: 'x', data: [1] }] }, expect: [{ at: '/outputs/0/data/0', min: 0.6, max: 0.8 }] };
const answering = (value: unknown) => ({ body: JSON.stringify({ outputs: [{ data: [value] }] }) });

describe('a golden request', () => {
  it('is sent to every ready pod by way of the API server, after whether the model is ready', async () => {
    server.answer(answering(0.7));
    expect(await ask(v2)).toEqual({ kind: 'read', value: { kind: 'answered', by: 2, slowestMs: expect.any(Number) } });
    const asked = server.got.map(({ method, url, body, headers }) => [method, url, body, headers.authorization]).sort();
    const proxy = (pod: string) => `/api/v1/namespaces/ml/pods/${pod}:8080/proxy/v2/models/churn`;
    expect(asked).toEqual([
      ['GET', `${proxy('churn-a')}/ready`, '', 'Bearer hunter2hunter2'],
      ['GET', `${proxy('churn-c')}/ready`, '', 'Bearer hunter2hunter2'],
      ['POST', `${proxy('churn-a')}/infer`, JSON.stringify(v2.body), 'Bearer hunter2hunter2'],
      ['POST', `${proxy('churn-c')}/infer`, JSON.stringify(v2.body), 'Bearer hunter2hunter2'],
    ]);
  });

  it.each([
    [
      { protocol: 'v1', body: { instances: [1] } },
      '{"ready":true}',
      '{"predictions":[1]}',
      ['/v1/models/churn', '/v1/models/churn:predict'],
    ],
    [
      { protocol: 'openai', prefix: '/openai', model: 'llama', body: { messages: [] } },
      '{"data":[{"id":"llama"}]}',
      '{"choices":[{}]}',
      ['/openai/v1/models', '/openai/v1/chat/completions'],
    ],
    [{ protocol: 'openai', body: { prompt: 'x' } }, '{"data":[{"id":"churn"}]}', '{"choices":[{}]}', ['/v1/models', '/v1/completions']],
  ])('speaks %j', async (golden, ready, answer, paths) => {
    server.answer({ body: ready }, { body: answer });
    const one = modelServer({ workload: evidence({ pods: [readyPod('churn-a')] }) });
    expect(await ask(golden, one)).toMatchObject({ value: { kind: 'answered', by: 1 } });
    expect(server.got.map(({ url }) => url.split('/proxy')[1])).toEqual(paths);
  });

  it.each<[string, object[], string]>([
    ['answers too much', [{}, answering(0.9)], 'it answers 0.9 at /outputs/0/data/0, more than 0.8'],
    ['answers too little', [{}, answering(0.1)], 'it answers 0.1 at /outputs/0/data/0, less than 0.6'],
    ['answers no number', [{}, answering(null)], 'it answers no number at /outputs/0/data/0'],
    ['answers nothing there', [{}, { body: '{"outputs":[{}]}' }], 'it answers nothing at /outputs/0/data/0'],
    ['answers what the protocol does not know', [{}, { body: '{"error":"x"}' }], 'it does not answer outputs (/v2/models/churn/infer)'],
    ['is not ready', [{ status: 503, body: 'loading' }], 'it answers 503 to /v2/models/churn/ready: loading'],
    [
      'has a fault',
      [{}, { status: 500, body: 'boom token=hunter2hunter2' }],
      'it answers 500 to /v2/models/churn/infer: boom token=[redacted]',
    ],
    ['answers a page', [{}, { body: '<html>' }], 'it answers to /v2/models/churn/infer with what is no JSON'],
    [
      'has a gateway of its own that refuses',
      [{}, { status: 403, body: 'RBAC: access denied' }],
      'it answers 403 to /v2/models/churn/infer: RBAC: access denied',
    ],
    ['does not answer in time', [{ silent: true }], 'it does not answer /v2/models/churn/ready within 50 ms'],
  ])('is failed by a server that %s', async (_case, script, why) => {
    server.answer(...script);
    const one = modelServer({ workload: evidence({ pods: [readyPod('churn-a')] }) });
    expect(await ask({ ...v2, withinMs: 50 }, one)).toEqual({ kind: 'read', value: { kind: 'wrong', by: 'churn-a', why } });
  });

  it('cannot be judged where the API server does not let it through, which names the permission', async () => {
    server.answer(REFUSED);
    expect(await ask(v2)).toMatchObject({
      kind: 'unreadable',
      what: 'the answer of ml/InferenceService/churn to its golden request',
      reason: expect.stringMatching(/get on pods\/proxy is missing\.$/),
    });
  });

  it('is that of the server itself where one is written on it, and none that cannot be understood is left out', async () => {
    server.answer({ body: '{"ready":true}' }, { body: '{"predictions":[1]}' });
    const pods = { workload: evidence({ pods: [readyPod('churn-a')] }) };
    const own = GoldenRequest.parse({ protocol: 'v1', body: {} });
    expect(await ask(v2, modelServer({ ...pods, served: { golden: { kind: 'read', value: own } } }))).toMatchObject({
      value: { kind: 'answered' },
    });
    const unread = { kind: 'unreadable', what: 'annotation x', reason: 'it is no JSON' } as const;
    expect(await ask(v2, modelServer({ ...pods, served: { golden: unread } }))).toEqual(unread);
  });

  it('is not sent where no pod is ready, or no model served', async () => {
    expect(await ask(v2, modelServer({ workload: null }))).toEqual({ kind: 'read', value: null });
    expect(server.got).toEqual([]);
  });
});

describe('the answer to a golden request', () => {
  it('is looked up by a JSON Pointer, and never in what every object has (safety 33)', async () => {
    const { unexpected } = await import('../../../incident/golden-request.ts');
    expect(unexpected({ expect: [{ at: '/a~1b/~0c', equals: true }] }, { 'a/b': { '~c': true } })).toBeNull();
    expect(unexpected({ expect: [{ at: '/__proto__/x', equals: 1 }] }, {})).toBe('it answers nothing at /__proto__/x');
    expect(unexpected({ expect: [{ at: '', equals: 'yes' }] }, 'no')).toBe('it answers "no" at , and not "yes"');
  });
});
