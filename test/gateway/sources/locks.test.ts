import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { grafanaSignature } from '../../../gateway/sources/grafana.ts';
import { basic } from '../../../gateway/sources/locks/basic.ts';
import { bearer } from '../../../gateway/sources/locks/bearer.ts';
import { hmac } from '../../../gateway/sources/locks/hmac.ts';
import { allOf, type Knock } from '../../../gateway/sources/locks/lock.ts';
import { queryToken } from '../../../gateway/sources/locks/query-token.ts';
import { pagerDutySignature } from '../../../gateway/sources/pager-duty.ts';
import { SOURCES } from './all-sources.ts';
import { openStage, type Stage } from './stage.ts';

const [SECRET, NEXT] = ['the-secret-of-the-webhook', 'the-secret-after-that-one'];
const PAIR = 'paramedic:a-password-of-enough-length';
const TIMESTAMP = 'X-Grafana-Alerting-Timestamp';

let stage: Stage;

beforeEach(async () => {
  const { grafana, pagerduty, datadog, cloudevents } = SOURCES;
  stage = await openStage({
    grafana: grafana.open(grafanaSignature([SECRET, NEXT], 'PARAMEDIC_GRAFANA_SECRET', TIMESTAMP)),
    untimed: grafana.open(grafanaSignature([SECRET], 'PARAMEDIC_GRAFANA_SECRET', null)),
    both: grafana.open(allOf([bearer([NEXT], 'PARAMEDIC_GRAFANA_TOKEN'), grafanaSignature([SECRET], 'PARAMEDIC_GRAFANA_SECRET', null)])),
    pagerduty: pagerduty.open(pagerDutySignature([SECRET, NEXT], 'PARAMEDIC_PAGERDUTY_SECRET')),
    google: SOURCES['google-monitoring'].open(queryToken('auth_token', [SECRET, NEXT], 'PARAMEDIC_GOOGLE_MONITORING_TOKEN')),
    datadog: datadog.open(basic([PAIR, `other:${SECRET}`], 'PARAMEDIC_DATADOG_BASIC')),
    cloudevents: cloudevents.open(bearer([SECRET], 'PARAMEDIC_CLOUDEVENTS_TOKEN')),
    mapped: SOURCES['nightly-checks'].open(
      hmac([SECRET], 'PARAMEDIC_SOURCE_MAPPED', {
        ...{ header: 'x-sign', shown: (text: string) => [text], encoding: 'base64' as const },
        timestamp: { header: 'x-at', separator: '.', toleranceSeconds: 60 },
      }),
    ),
    closed: { opensBy: 'Nothing is taken at /alerts/closed: PARAMEDIC_X is not set; see docs/sources.md.' },
  });
});
afterEach(() => stage.close());

/** What Grafana sends, signed, changed as the test wants. */
function grafana(
  change: {
    secret?: string;
    atSeconds?: string;
    timestamp?: string;
    signature?: (own: string) => string;
    body?: string;
    path?: string;
  } = {},
) {
  const { secret = SECRET, atSeconds = String(Math.floor(Date.now() / 1000)), path = '/alerts/grafana' } = change;
  const { body = JSON.stringify({ ...SOURCES.grafana.sample, title: 'signed' }), signature = (own: string) => own } = change;
  const own = createHmac('sha256', secret)
    .update(`${atSeconds}:${JSON.stringify({ ...SOURCES.grafana.sample, title: 'signed' })}`)
    .digest('hex');
  return { path, body, headers: ['X-Grafana-Alerting-Signature', signature(own), TIMESTAMP, change.timestamp ?? atSeconds] };
}
const send = ({ path, headers, body }: { path: string; headers: readonly string[]; body: string }, more: readonly string[] = []) =>
  stage.post(path, [...headers, ...more], body);

const hours = (count: number) => String(Math.floor(Date.now() / 1000) + count * 3_600);

describe('a source that signs body and time', () => {
  it('is let in, with any of its secrets, so that a new one can be brought in', async () => {
    expect((await send(grafana())).code).toBe(200);
    expect((await send(grafana({ secret: NEXT }))).code).toBe(200);
  });

  it('is let in once with one request, and again where that came to nothing (safety 21)', async () => {
    stage.isAway = true;
    const sample = { ...SOURCES.grafana.sample, alerts: SOURCES.alertmanager.sample.alerts };
    const atSeconds = String(Math.floor(Date.now() / 1000));
    const body = JSON.stringify(sample);
    const headers = [
      'X-Grafana-Alerting-Signature',
      createHmac('sha256', SECRET).update(`${atSeconds}:${body}`).digest('hex'),
      TIMESTAMP,
      atSeconds,
    ];
    const again = () => send({ path: '/alerts/grafana', headers, body });
    expect((await again()).code).toBe(503);
    stage.isAway = false;
    expect((await again()).code).toBe(200);
    expect(await again()).toMatchObject({ code: 409, body: { error: 'The request was taken before.' } });
    expect(stage.fired).toHaveLength(1);
  });

  it.each([
    ['no time', () => ({ ...grafana(), headers: grafana().headers.slice(0, 2) })],
    ['no signature', () => ({ ...grafana(), headers: grafana().headers.slice(2) })],
    ['an empty signature', () => grafana({ signature: () => '' })],
    ['an empty time', () => grafana({ timestamp: '' })],
    ['another time than it signed', () => grafana({ timestamp: String(Math.floor(Date.now() / 1000) - 1) })],
    ['a time 301 s ago', () => grafana({ atSeconds: String(Math.floor(Date.now() / 1000) - 301) })],
    ['a time in the far future', () => grafana({ atSeconds: hours(24) })],
    ['a negative time', () => grafana({ atSeconds: `-${hours(0)}` })],
    ['a time that is NaN', () => grafana({ atSeconds: 'NaN' })],
    ['a time with a fraction', () => grafana({ atSeconds: `${hours(0)}.0` })],
    ['a time with a zero before it', () => grafana({ atSeconds: `0${hours(0)}` })],
    ['a signature in upper case', () => grafana({ signature: (own) => own.toUpperCase() })],
    ['a signature cut off', () => grafana({ signature: (own) => own.slice(0, -1) })],
    ['a signature with more after it', () => grafana({ signature: (own) => `${own}00` })],
    ['a signature with a prefix', () => grafana({ signature: (own) => `sha256=${own}` })],
    ['a signature in base64', () => grafana({ signature: (own) => Buffer.from(own, 'hex').toString('base64') })],
    ['two signatures in one header', () => grafana({ signature: (own) => `${own},${own}` })],
    ['the signature of another secret', () => grafana({ secret: 'some-other-secret' })],
    ['the signature of an empty secret', () => grafana({ secret: '' })],
    ['the signature of another body', () => grafana({ body: JSON.stringify(SOURCES.grafana.sample) })],
    ['a body written anew', () => grafana({ body: JSON.stringify({ ...SOURCES.grafana.sample, title: 'signed' }, null, 1) })],
    ['a form in the place of JSON', () => grafana({ body: 'payload=1' })],
    ['what is signed for a source without time', () => ({ ...grafana(), headers: [...untimed().headers, TIMESTAMP, hours(0)] })],
  ])('is refused with %s (safety 29)', async (_what, attack) => {
    expect((await send(attack())).code).toBe(401);
    expect(stage.fired).toEqual([]);
  });

  it.each([0, 2])('is refused with a header twice (safety 29)', async (at) => {
    const request = grafana();
    expect((await send(request, request.headers.slice(at, at + 2))).code).toBe(401);
  });

  it('is not let in under an empty secret (safety 29)', () => {
    const headersDistinct = { 'x-grafana-alerting-signature': [createHmac('sha256', '').update('{}').digest('hex')] };
    expect(grafanaSignature([''], 'X', null).admits({ headersDistinct } as unknown as Knock, Buffer.from('{}'), 0)).toEqual({
      kind: 'out',
      why: 'Its signature is wrong.',
    });
  });
});

function untimed(body = JSON.stringify(SOURCES.grafana.sample)) {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  return { path: '/alerts/untimed', headers: ['X-Grafana-Alerting-Signature', signature], body };
}

it('a source that signs no time may send the same again: it is how it says that an alert still fires', async () => {
  expect([(await send(untimed())).code, (await send(untimed())).code]).toEqual([200, 200]);
});

it.each([['both', [200, 401, 401]]] as const)('a source with two locks must open both (safety 29)', async (path, codes) => {
  const { headers, body } = untimed();
  const token = ['Authorization', `Bearer ${NEXT}`];
  const all = [[...token, ...headers], token, headers];
  const sent = await Promise.all(all.map((some) => send({ path: `/alerts/${path}`, headers: some, body })));
  expect(sent.map(({ code }) => code)).toEqual(codes);
});

describe('PagerDuty', () => {
  /** An event of its own, so that it is no replay. */
  const event = (id: string, agoMs = 0) => {
    const occurred_at = new Date(Date.now() - agoMs).toISOString();
    return JSON.stringify({ event: { ...SOURCES.pagerduty.sample.event, id, occurred_at } });
  };
  const body = event('an-event');
  const signed = (secret: string, of = body) => `v1=${createHmac('sha256', secret).update(of).digest('hex')}`;
  const post = (signature: string, of = body) => stage.post('/alerts/pagerduty', ['X-PagerDuty-Signature', signature], of);

  it('is told that it is too late with an event that may have been taken before what is remembered (safety 20)', async () => {
    const [late, timely] = [event('1', 61 * 60_000), event('2', 59 * 60_000)];
    expect(await post(signed(SECRET, late), late)).toMatchObject({ code: 200, body: { reason: 'It happened more than an hour ago.' } });
    expect(stage.fired).toEqual([]);
    expect((await post(signed(SECRET, timely), timely)).body.alerts).toHaveLength(1);
  });

  it('is let in by any of several signatures, as while its secret is changed', async () => {
    const [one, two] = [event('1'), event('2')];
    expect((await post(`${signed('an-older-secret', one)},${signed(SECRET, one)}`, one)).code).toBe(200);
    expect((await post(`v0=00, ${signed(NEXT, two)}`, two)).code).toBe(200);
    expect(stage.fired.map(({ name }) => name)).toEqual(['KubePodCrashLooping', 'KubePodCrashLooping']);
  });

  it('is told of an event that it delivers again that it was taken, and nothing follows (safety 29)', async () => {
    expect((await post(signed(SECRET))).code).toBe(200);
    expect(await post(signed(SECRET))).toMatchObject({ code: 200, body: { kind: 'ignored', reason: 'It was taken before.' } });
    expect(stage.fired).toHaveLength(1);
  });

  it('may deliver again what could not be stored (safety 21)', async () => {
    stage.isAway = true;
    expect(await post(signed(SECRET))).toMatchObject({ code: 503, headers: { 'retry-after': '5' } });
    stage.isAway = false;
    expect((await post(signed(SECRET))).body.alerts).toHaveLength(1);
  });

  it.each([
    ['another version alone', signed(SECRET).replace('v1=', 'v2=')],
    ['no version', signed(SECRET).slice(3)],
    ['upper-case hex', `v1=${signed(SECRET).slice(3).toUpperCase()}`],
    ['hex cut off', signed(SECRET).slice(0, -2)],
    ['hex too long', `${signed(SECRET)}00`],
    ['the signature of another secret', signed('some-other-secret')],
    ['one that is none among good ones', `${signed(SECRET)},v1=`],
    ['more than a change of secret makes', Array.from({ length: 30 }, () => signed('some-other-secret')).join(',')],
  ])('is refused with %s (safety 29)', async (_what, signature) => {
    expect((await post(signature)).code).toBe(401);
  });
});

it.each([
  ['the token in the address', '/alerts/google?auth_token=the-secret-of-the-webhook', [], 200],
  ['the token that comes after it', '/alerts/google?auth_token=the-secret-after-that-one', [], 200],
  ['another token', '/alerts/google?auth_token=another', [], 401],
  ['the token twice', `/alerts/google?auth_token=${SECRET}&auth_token=${SECRET}`, [], 401],
  ['no token', '/alerts/google', [], 401],
  ['the token by another way', '/alerts/google', ['Authorization', `Bearer ${SECRET}`], 401],
  ['a user and a password', '/alerts/datadog', ['Authorization', `Basic ${Buffer.from(PAIR).toString('base64')}`], 200],
  [
    'the password of another user',
    '/alerts/datadog',
    ['Authorization', `Basic ${Buffer.from(`paramedic:${SECRET}`).toString('base64')}`],
    401,
  ],
  ['a user without a password', '/alerts/datadog', ['Authorization', `Basic ${Buffer.from('paramedic:').toString('base64')}`], 401],
  ['what is no base64', '/alerts/datadog', ['Authorization', `Basic ${PAIR}`], 401],
] as const)('with %s a request is answered as it must be (safety 29)', async (_what, path, headers, code) => {
  const { datadog, 'google-monitoring': google } = SOURCES;
  const { sample } = path.startsWith('/alerts/datadog') ? datadog : google;
  expect((await stage.post(path, headers, JSON.stringify(sample))).code).toBe(code);
});

it('a mapped source may sign in base64, with its own words', async () => {
  const body = JSON.stringify(SOURCES['nightly-checks'].sample);
  const at = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', SECRET).update(`${at}.${body}`).digest('base64');
  expect((await stage.post('/alerts/mapped', ['X-Sign', signature, 'X-At', at], body)).code).toBe(200);
  expect((await stage.post('/alerts/mapped', ['X-Sign', signature, 'X-At', at], body)).code).toBe(409);
});

it.each([
  ['/alerts/closed', 'Nothing is taken at /alerts/closed: PARAMEDIC_X is not set; see docs/sources.md.'],
  [
    '/alerts/nobody',
    'There is no source of alerts of this name; there are grafana, untimed, both, pagerduty, google, datadog, cloudevents, mapped, closed.',
  ],
])('%s is answered with 404 and what would open it', async (path, error) => {
  expect(await stage.post(path, [], '{}')).toMatchObject({ code: 404, body: { error } });
});

it('no secret stands in the log, nor in an answer, whatever is shown (safety 34)', async () => {
  const answers = [
    await stage.post(`/alerts/google?auth_token=${SECRET}x`, [], '{'),
    await stage.post(`/alerts/google?auth_token=${SECRET}`, [], '{'),
    await stage.post('/alerts/cloudevents', ['Authorization', `Bearer ${SECRET}`], SECRET),
    await stage.post(`/alerts/nobody?auth_token=${SECRET}`, ['Authorization', `Bearer ${SECRET}`], '{}'),
    await send(grafana({ signature: (own) => own.slice(1) })),
  ];
  expect(JSON.stringify([answers, stage.logged])).not.toContain(SECRET);
});
