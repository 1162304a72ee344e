import { createHmac } from 'node:crypto';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ModelRecordKeeper } from '../../clients/model-records.ts';
import type { Intake } from '../../gateway/intake.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import { createGateway } from '../../gateway/server.ts';
import { mlflowWebhook } from '../../gateway/webhooks/mlflow.ts';
import { wandbWebhook } from '../../gateway/webhooks/wandb.ts';
import { emptyRecord, type KeptRecord } from '../../incident/models/kept-record.ts';
import { learn, type ModelFact } from '../../incident/models/model-facts.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import { alertmanagerAlone } from './open-sources.ts';

const MLFLOW_SECRET = 'the-secret-of-the-mlflow-webhook';
const NEXT = 'the-secret-that-comes-after-it';
const WANDB = { token: 'the-token-of-the-wandb-webhook', secret: 'the-secret-of-the-wandb-webhook' };
const { runbooks } = parseRunbook(
  'a.yaml',
  'name: a\nfailureType: accuracyDegradation\nmatch: { alerts: [ModelVersionRejected], kinds: [InferenceService] }\nremedies: []\n',
);

let gateway: Server;
let port: number;
let record: KeptRecord | null;
let told: ModelFact[];
let signals: { readonly id: string; readonly signal: string; readonly alert: { readonly labels: object; readonly annotations: object } }[];
let temporalIsAway: boolean;
let isReady: boolean;

const well = (server: string, version: string): ModelFact => ({
  kind: 'healthy',
  seen: { server, address: `s3://models/churn/${version}`, version, settings: {}, fromMs: 0, untilMs: 1 },
});

beforeEach(async () => {
  record = [well('ml/InferenceService/churn', '7'), well('ml/InferenceService/old', '6')].reduce(learn, emptyRecord('churn', 'mlflow'));
  [told, signals, temporalIsAway, isReady] = [[], [], false, true];
  const answers = async <T>(answer: () => T) => {
    if (temporalIsAway) throw new Error('14 UNAVAILABLE');
    return answer();
  };
  const records: ModelRecordKeeper = {
    kept: () => answers(() => record),
    tell: async () => undefined,
    tellIfKept: (_of, facts) => answers(() => record !== null && told.push(...facts) > 0),
  };
  const signal = (id: string) => async (name: { readonly name: string }, alert: (typeof signals)[number]['alert']) =>
    void signals.push({ id, signal: name.name, alert });
  const workflow = {
    signalWithStart: (
      _type: string,
      { workflowId, signal: name, signalArgs }: { workflowId: string; signal: { name: string }; signalArgs: [never[]] },
    ) => answers(() => signal(workflowId)(name, signalArgs[0][0]!)),
    list: () => [],
    getHandle: (id: string) => ({ signal: signal(id) }),
  };
  const intake: Intake = {
    ...{ runbooks, limits: LimitsFile.parse({}), cluster: 'test', taskQueue: 'paramedic-test' },
    kubernetes: { topmostOwner: async (_namespace, _kind, name) => ({ kind: 'InferenceService', name }) },
    client: { workflow } as unknown as Intake['client'],
  };
  const note = () => undefined;
  gateway = createGateway({
    intake: () => (isReady ? intake : null),
    ...{
      desk: () => null,
      decisions: () => null,
      people: null,
      slack: null,
      sources: alertmanagerAlone(),
      metrics: gatewayMetrics(),
      health: async () => null,
    },
    webhooks: {
      mlflow: mlflowWebhook([MLFLOW_SECRET, NEXT]),
      wandb: wandbWebhook({ tokens: [WANDB.token, NEXT], secrets: [WANDB.secret, NEXT] }),
    },
    records: () => records,
    log: { debug: note, info: note, warn: note },
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  port = (gateway.address() as AddressInfo).port;
});

afterEach(() => new Promise((resolve) => gateway.close(resolve)));

/** @param headers names and values in turn, which may stand there twice */
function post(
  path: string,
  headers: readonly string[],
  body: string,
): Promise<{ readonly code: number; readonly body: { readonly error?: string } }> {
  const own = ['Host', `127.0.0.1:${port}`, 'Content-Length', String(Buffer.byteLength(body)), 'Connection', 'close'];
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers: [...headers, ...own] });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      answer
        .toArray()
        .then((chunks) => resolve({ code: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }))
        .catch(reject);
    });
    sent.end(body);
  });
}

let deliveries = 0;
const nowSeconds = () => String(Math.floor(Date.now() / 1000));
const base64 = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('base64');

/** A delivery as MLflow 3 sends it, changed as the test wants. */
function mlflow(event: object, change: { id?: string; at?: string; secret?: string; signature?: (own: string) => string } = {}) {
  const { id = `delivery-${++deliveries}`, at = nowSeconds(), secret = MLFLOW_SECRET, signature = (own) => own } = change;
  const body = JSON.stringify(event);
  const shown = signature(`v1,${base64(secret, `${id}.${at}.${body}`)}`);
  return { body, headers: ['X-MLflow-Delivery-Id', id, 'X-MLflow-Timestamp', at, 'X-MLflow-Signature', shown] };
}
const send = ({ headers, body }: ReturnType<typeof mlflow>, more: readonly string[] = []) =>
  post('/webhooks/mlflow', [...headers, ...more], body);

const alias = (version: string, name = 'production') => ({
  ...{ entity: 'model_version_alias', action: 'created', timestamp: '2026-06-10T12:00:00Z', workspace: 'default' },
  data: { name: 'churn', alias: name, version },
});
const tag = (version: string, value: string, key = 'validation_status', action = 'set') => ({
  ...{ entity: 'model_version_tag', action, data: { name: 'churn', version, key, value } },
});

describe('an event of MLflow', () => {
  it('of a serving alias that was moved is told to the model’s record, with when it was', async () => {
    const at = String(Number(nowSeconds()) - 60);
    expect(await send(mlflow(alias('8'), { at }))).toEqual({ code: 200, body: { kind: 'told' } });
    expect(told).toEqual([{ kind: 'aliasMoved', version: '8', atMs: Number(at) * 1000 }]);
  });

  it('of another alias, of what is not served here, or of no interest changes nothing', async () => {
    for (const event of [alias('8', 'challenger'), tag('7', 'x', 'owner'), { entity: 'registered_model', action: 'created', data: {} }])
      expect(await send(mlflow(event))).toMatchObject({ code: 200, body: { kind: 'ignored' } });
    record = null;
    for (const event of [alias('8'), tag('7', 'failed')]) expect(await send(mlflow(event))).toMatchObject({ body: { kind: 'ignored' } });
    expect([told, signals]).toEqual([[], []]);
  });

  it.each([
    ['validation_status', 'failed'],
    ['validation_status', 'quarantined'],
    ['paramedic.status', 'quarantined'],
  ])('of a version that serves and is marked %s=%s is an alert about its server, and about no other', async (key, value) => {
    const incident = 'accuracy-degradation/test/ml/InferenceService/churn';
    expect(await send(mlflow(tag('7', value, key)))).toEqual({ code: 200, body: { kind: 'alerts', incidents: [incident] } });
    expect(signals).toMatchObject([
      {
        ...{ id: incident, signal: 'alertsFired' },
        alert: {
          labels: { alertname: 'ModelVersionRejected', namespace: 'ml', inferenceservice: 'churn', model: 'churn', version: '7' },
          annotations: { summary: `Version 7 of churn, which serves, is marked ${key}=${value}.` },
        },
      },
    ]);
  });

  it('of a version that does not serve is none', async () => {
    expect(await send(mlflow(tag('5', 'failed')))).toMatchObject({ body: { kind: 'ignored' } });
    expect(signals).toEqual([]);
  });

  it('of a mark that is gone resolves the alert', async () => {
    for (const event of [tag('7', 'passed'), tag('7', '', 'validation_status', 'deleted')]) await send(mlflow(event));
    expect(signals.map(({ signal }) => signal)).toEqual(['alertResolved', 'alertResolved']);
  });

  it('of what Paramedic itself has just quarantined is left alone', async () => {
    record = learn(record!, { kind: 'written', written: { what: 'quarantine', version: '7', atMs: Date.now() } });
    const { body } = await send(mlflow(tag('7', 'quarantined', 'paramedic.status')));
    expect(body).toEqual({ kind: 'ignored', reason: 'Paramedic itself quarantined version 7 of churn.' });
    expect(signals).toEqual([]);
  });

  it('that cannot be stored is sent again, and then taken (safety 21)', async () => {
    temporalIsAway = true;
    const delivery = mlflow(tag('7', 'failed'));
    expect((await send(delivery)).code).toBe(503);
    isReady = false;
    expect((await send(delivery)).code).toBe(503);
    [temporalIsAway, isReady] = [false, true];
    expect((await send(delivery)).code).toBe(200);
    expect(signals).toHaveLength(1);
  });

  it('is taken once, though its signature is right again (safety 29)', async () => {
    const delivery = mlflow(tag('7', 'failed'));
    expect([(await send(delivery)).code, (await send(delivery)).code]).toEqual([200, 409]);
    expect(signals).toHaveLength(1);
  });

  it('that is no event is told so, with what it must be', async () => {
    for (const event of [[], { entity: 'model_version_alias', action: 'created', data: { name: 'churn' } }])
      expect((await send(mlflow(event))).code).toBe(400);
  });

  const shifted = (seconds: number) => ({ at: String(Number(nowSeconds()) + seconds) });
  it.each([
    ['a timestamp 301 s old', () => mlflow(alias('8'), shifted(-301))],
    ['a timestamp in the far future', () => mlflow(alias('8'), shifted(310))],
    ['a negative timestamp', () => mlflow(alias('8'), { at: '-1' })],
    ['a timestamp that is no number', () => mlflow(alias('8'), { at: 'NaN' })],
    ['an empty delivery id', () => mlflow(alias('8'), { id: '' })],
    ['an empty signature', () => mlflow(alias('8'), { signature: () => '' })],
    ['a signature without its version', () => mlflow(alias('8'), { signature: (own) => own.slice(3) })],
    ['a signature of another version', () => mlflow(alias('8'), { signature: (own) => own.replace('v1,', 'v2,') })],
    ['a signature cut off', () => mlflow(alias('8'), { signature: (own) => own.slice(0, -2) })],
    ['a signature in hex', () => mlflow(alias('8'), { signature: (own) => `v1,${Buffer.from(own.slice(3), 'base64').toString('hex')}` })],
    ['a signature with something after it', () => mlflow(alias('8'), { signature: (own) => `${own} ${own}` })],
    ['the signature of another secret', () => mlflow(alias('8'), { secret: 'some-other-secret' })],
    ['the signature of an empty secret', () => mlflow(alias('8'), { secret: '' })],
    ['the signature of another body', () => ({ ...mlflow(alias('8')), body: JSON.stringify(alias('9')) })],
    ['a body written anew', () => ({ ...mlflow(alias('8')), body: JSON.stringify(alias('8'), null, 1) })],
  ])('with %s is refused (safety 29)', async (_what, attack) => {
    expect((await send(attack())).code).toBe(401);
    expect(told).toEqual([]);
  });

  it.each(['X-MLflow-Delivery-Id', 'X-MLflow-Timestamp', 'X-MLflow-Signature'])(
    'without %s, or with it twice, is refused (safety 29)',
    async (name) => {
      const delivery = mlflow(alias('8'));
      const at = delivery.headers.indexOf(name);
      expect((await send(delivery, [name, delivery.headers[at + 1]!])).code).toBe(401);
      expect((await send({ ...delivery, headers: delivery.headers.toSpliced(at, 2) })).code).toBe(401);
      expect(told).toEqual([]);
    },
  );

  it('is not taken under an empty secret (safety 29)', () => {
    const { headers, body } = mlflow(alias('8'), { secret: '' });
    const headersDistinct = {
      'x-mlflow-delivery-id': [headers[1]!],
      'x-mlflow-timestamp': [headers[3]!],
      'x-mlflow-signature': [headers[5]!],
    };
    expect(mlflowWebhook(['']).check({ headersDistinct }, Buffer.from(body), Date.now())).toEqual({
      kind: 'refused',
      why: 'Its signature is wrong.',
    });
  });
});

/** A delivery of W&B with the payload of docs/models.md, changed as the test wants. */
function wandb(
  fields: object,
  change: { token?: string; secret?: string; encoding?: 'hex' | 'base64'; prefix?: string; body?: string } = {},
) {
  const { token = WANDB.token, secret = WANDB.secret, encoding = 'base64', prefix = '' } = change;
  const payload = {
    event: 'ADD_ARTIFACT_ALIAS',
    model: 'churn',
    version: 'acme/wandb-registry-model/churn:v8',
    alias: 'production',
    tag: '',
    ...fields,
  };
  const signed = JSON.stringify(payload);
  const signature = `${prefix}${createHmac('sha256', secret).update(signed).digest(encoding)}`;
  return { body: change.body ?? signed, headers: ['Authorization', `Bearer ${token}`, 'X-Wandb-Signature', signature] };
}
const sendWandb = ({ headers, body }: ReturnType<typeof wandb>, more: readonly string[] = []) =>
  post('/webhooks/wandb', [...headers, ...more], body);
const badTag = { event: 'ADD_ARTIFACT_TAG', version: 'acme/wandb-registry-model/churn:v8', alias: '', tag: 'quarantined' };

describe('an event of W&B', () => {
  it.each([
    ['base64', ''],
    ['hex', ''],
    ['hex', 'sha256='],
    ['base64', 'sha256='],
  ] as const)('is taken with its signature in %s after %p', async (encoding, prefix) => {
    expect(await sendWandb(wandb({}, { encoding, prefix }))).toEqual({ code: 200, body: { kind: 'told' } });
    expect(told).toEqual([{ kind: 'aliasMoved', version: 'v8', atMs: expect.any(Number) }]);
  });

  it('of a moved alias need not say to which version', async () => {
    await sendWandb(wandb({ version: 'acme/wandb-registry-model/churn:production' }));
    expect(told).toMatchObject([{ version: null }]);
    const own = learn(record!, { kind: 'written', written: { what: 'alias', version: 'v6', atMs: Date.now() } });
    expect(learn(own, told[0]!).promotedMs).toBeNull();
  });

  it('of a version that serves and is tagged as bad is an alert, and resolved when the tag is gone', async () => {
    record = learn(record!, well('ml/InferenceService/churn', 'v8'));
    expect(await sendWandb(wandb(badTag))).toMatchObject({ body: { kind: 'alerts', incidents: [expect.stringContaining('churn')] } });
    await sendWandb(wandb({ ...badTag, event: 'REMOVE_ARTIFACT_TAG' }));
    expect(signals.map(({ signal }) => signal)).toEqual(['alertsFired', 'alertResolved']);
  });

  it('is taken with the secret and the token that come after', async () => {
    expect((await sendWandb(wandb({}, { secret: NEXT, token: NEXT }))).code).toBe(200);
  });

  it('is taken once (safety 29)', async () => {
    expect([(await sendWandb(wandb({}))).code, (await sendWandb(wandb({}))).code]).toEqual([200, 409]);
    expect(told).toHaveLength(1);
  });

  it.each([
    ['no signature', () => ({ ...wandb({}), headers: wandb({}).headers.slice(0, 2) })],
    ['no token', () => ({ ...wandb({}), headers: wandb({}).headers.slice(2) })],
    ['another token', () => wandb({}, { token: 'some-other-token-of-somebody' })],
    ['the signature of another secret', () => wandb({}, { secret: 'some-other-secret' })],
    [
      'a signature in upper-case hex',
      () => ({ ...wandb({}), headers: [...wandb({}).headers.slice(0, 3), wandb({}, { encoding: 'hex' }).headers[3]!.toUpperCase()] }),
    ],
    ['a body written anew', () => wandb({}, { body: JSON.stringify({ event: 'ADD_ARTIFACT_ALIAS', model: 'churn' }, null, 1) })],
  ])('with %s is refused (safety 29)', async (_what, attack) => {
    expect((await sendWandb(attack())).code).toBe(401);
    expect(told).toEqual([]);
  });

  it('with a header twice is refused (safety 29)', async () => {
    const delivery = wandb({});
    expect((await sendWandb(delivery, ['X-Wandb-Signature', delivery.headers[3]!])).code).toBe(401);
    expect((await sendWandb(delivery, ['Authorization', delivery.headers[1]!])).code).toBe(401);
  });

  it('is not taken under an empty secret (safety 29)', () => {
    const { headers, body } = wandb({}, { secret: '' });
    const headersDistinct = { authorization: [headers[1]!], 'x-wandb-signature': [headers[3]!] };
    const source = wandbWebhook({ tokens: [WANDB.token], secrets: [''] });
    expect(source.check({ headersDistinct } as never, Buffer.from(body), Date.now())).toEqual({
      kind: 'refused',
      why: 'Its signature is wrong.',
    });
  });
});

it('a registry whose webhook is not configured has no route', async () => {
  expect((await post('/webhooks/other', [], '{}')).code).toBe(404);
});
