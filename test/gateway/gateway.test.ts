import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Intake } from '../../gateway/intake.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import type { PermitDesk } from '../../gateway/permit-desk.ts';
import { createGateway } from '../../gateway/server.ts';
import { boardOf } from '../../guards/board.ts';
import { EMPTY_LEDGER } from '../../guards/ledger/ledger.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import { openHealth } from '../../worker/health.ts';
import { nothingHandedOver } from './nothing-handed-over.ts';
import { alertmanagerAlone } from './open-sources.ts';

const SECRET = 'a-secret-of-enough-length';
const OLD_SECRET = 'the-secret-of-last-month';
const { runbooks } = parseRunbook(
  'a.yaml',
  'name: a\nfailureType: podCrash\nmatch: { alerts: [Crash], kinds: [Deployment] }\nremedies: [restart]\n',
);
const crash = { status: 'firing', labels: { alertname: 'Crash', namespace: 'ml', pod: 'ranker-1' } };

let gateway: Server;
let url: string;
let temporalIsAway: boolean;
let isReady: boolean;
let logged: object[];
let signal: () => Promise<void>;
/** How many alerts each call brought. */
let together: number[];
let ownersAsked: number;
let started: { type: string; id: string }[];
let alive: string[];
let officeIsAway: boolean;

beforeEach(async () => {
  temporalIsAway = false;
  isReady = true;
  logged = [];
  signal = async () => undefined;
  const note = (fields: object) => logged.push(fields);
  started = [];
  together = [];
  ownersAsked = 0;
  const workflow = {
    signalWithStart: async (type: string, { workflowId, signalArgs }: { workflowId: string; signalArgs: [readonly object[]] }) => {
      if (temporalIsAway) throw new Error('14 UNAVAILABLE');
      await signal();
      started.push({ type, id: workflowId });
      together.push(signalArgs[0].length);
    },
    getHandle: nothingHandedOver,
  };
  const intake: Intake = {
    runbooks,
    limits: LimitsFile.parse({}),
    cluster: 'test',
    taskQueue: 'paramedic-test',
    kubernetes: {
      async topmostOwner(_namespace, _kind, name) {
        ownersAsked++;
        if (name.startsWith('many-')) return { kind: 'Deployment', name };
        if (name === 'ranker-1') return { kind: 'Deployment', name: 'ranker' };
        return name === 'churn-1' ? { kind: 'InferenceService', name: 'churn' } : null;
      },
    },
    client: { workflow } as unknown as Intake['client'],
  };
  alive = [];
  officeIsAway = false;
  const desk: PermitDesk = {
    freeze: async () => [],
    thaw: async () => [],
    board: async () => boardOf(EMPTY_LEDGER, 0),
    async alive(source) {
      if (officeIsAway) throw new Error('14 UNAVAILABLE');
      alive.push(source);
    },
  };
  const metrics = gatewayMetrics();
  gateway = createGateway({
    intake: () => (isReady ? intake : null),
    desk: () => (isReady ? desk : null),
    decisions: () => null,
    people: null,
    slack: null,
    webhooks: {},
    records: () => null,
    sources: alertmanagerAlone([SECRET, OLD_SECRET]),
    metrics,
    health: openHealth(() => metrics.registry.metrics()).answer,
    log: { debug: note, info: note, warn: note },
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});

afterEach(() => new Promise((resolve) => gateway.close(resolve)));

async function send(body: string, secret = SECRET) {
  const answer = await fetch(`${url}/alerts/alertmanager`, { method: 'POST', headers: { authorization: `Bearer ${secret}` }, body });
  return { code: answer.status, body: (await answer.json()) as { error?: string; alerts?: object[] } };
}

async function figures(): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** Sends a request as written, without an HTTP client that would mend it, and returns the answer. */
function raw(headers: readonly string[], body: string): Promise<string> {
  const pairs = Array.from({ length: headers.length / 2 }, (_, index) => `${headers[2 * index]}: ${headers[2 * index + 1]}\r\n`);
  const length = headers.some((one) => /^(Content-Length|Transfer-Encoding)$/.test(one)) ? '' : `Content-Length: ${body.length}\r\n`;
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`POST /alerts/alertmanager HTTP/1.1\r\nHost: x\r\n${length}${pairs.join('')}\r\n${body}`);
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
    setTimeout(() => socket.end(), 3_000).unref();
  });
}

const webhook = (...alerts: object[]) => JSON.stringify({ version: '4', notification_reason: 'a newer field', alerts });

describe('the gateway', () => {
  it('starts the incident of the pod’s Deployment, whatever fields a newer Alertmanager adds', async () => {
    const { code, body } = await send(webhook(crash));
    expect(code).toBe(200);
    expect(body.alerts).toEqual([{ kind: 'joined', incident: 'outage/test/ml/Deployment/ranker' }]);
    expect(started).toEqual([{ type: 'podCrash', id: 'outage/test/ml/Deployment/ranker' }]);
  });

  it('answers 503 while Temporal is away, so that Alertmanager sends again (safety 21)', async () => {
    temporalIsAway = true;
    expect((await send(webhook(crash))).code).toBe(503);
  });

  it.each(['', 'wrong', `${SECRET}x`])('refuses the secret %p and starts nothing', async (secret) => {
    expect((await send(webhook(crash), secret)).code).toBe(401);
    expect(started).toEqual([]);
  });

  it.each([
    ['{', 'The body is not JSON: it breaks at line 1 column 2.'],
    ['{"alerts":[]}', 'The body is not an Alertmanager webhook of version 4: version: Invalid input: expected string, received undefined.'],
  ])('answers 400 to %p and says what is wrong', async (text, error) => {
    expect(await send(text)).toEqual({ code: 400, body: { error } });
  });

  it('answers 413 to a body over the limit', async () => {
    expect((await send(' '.repeat(16 * 2 ** 20 + 1))).code).toBe(413);
  });

  it.each([
    ['noRunbook', { ...crash, labels: { ...crash.labels, alertname: 'Other' } }, 'No runbook matches the alert "Other".'],
    [
      'noRunbook',
      { ...crash, labels: { ...crash.labels, alertname: 'RedisDown' } },
      'No runbook matches the alert "RedisDown": it is about a database, a cache, a queue or a disk.',
    ],
    ['unknownTarget', { ...crash, labels: { alertname: 'Crash', pod: 'ranker-1' } }, 'The alert has no namespace label.'],
    [
      'unknownTarget',
      { ...crash, labels: { alertname: 'Crash', namespace: 'ml' } },
      'The alert has no label that names a resource (dag_id, endpoint_id, delivery_target, pipeline_job_id, clearml_task, recurring_run_id, pipeline_run_id, inferenceservice, llminferenceservice, rollout, seldon_model, deployment, statefulset, daemonset, cronworkflow, cron_workflow, workflow_name, workflow, trainjob, pytorchjob, cronjob, job_name, horizontalpodautoscaler, pod).',
    ],
    [
      'noRunbook',
      { ...crash, labels: { ...crash.labels, pod: 'churn-1' } },
      'No runbook matches the alert "Crash" for a target of kind InferenceService.',
    ],
    [
      'unknownTarget',
      { ...crash, labels: { ...crash.labels, pod: 'x' } },
      'Pod ml/x does not exist, or nothing that Paramedic heals owns it.',
    ],
    ['noFingerprint', { ...crash, status: 'resolved' }, 'Resolved, but the alert has no fingerprint to find its incident by.'],
  ])('leaves an alert alone because of %s, says so and counts it (safety 11)', async (why, alert, reason) => {
    expect((await send(webhook(alert))).body.alerts).toEqual([{ kind: 'ignored', why, reason }]);
    expect(started).toEqual([]);
    expect(await figures()).toContain(`paramedic_alerts_total{result="ignored",reason="${why}"} 1`);
  });

  it('takes an alert that stands twice in one body once', async () => {
    const { body } = await send(webhook({ ...crash, fingerprint: 'a1' }, { ...crash, fingerprint: 'a1' }, crash, crash));
    expect(body.alerts).toHaveLength(2);
    expect(together).toEqual([2]);
  });

  it('brings the alerts of one incident to Temporal together, twenty in a call, and asks once who owns what they name', async () => {
    const { body } = await send(webhook(...Array.from({ length: 50 }, (_, index) => ({ ...crash, fingerprint: index.toString(16) }))));
    expect(together.sort()).toEqual([10, 20, 20]);
    expect(ownersAsked).toBe(1);
    expect(body.alerts).toEqual(Array.from({ length: 50 }, () => ({ kind: 'joined', incident: 'outage/test/ml/Deployment/ranker' })));
  });

  it('logs name and fingerprint of an alert, and nothing else of it (safety 34)', async () => {
    await send(webhook({ ...crash, fingerprint: 'a1', annotations: { summary: 'token=hush' } }));
    expect(logged).toEqual([{ alert: 'Crash', fingerprint: 'a1', incident: 'outage/test/ml/Deployment/ranker' }]);
  });

  it('brings what needs as many as twenty calls to Temporal at once, before it answers', async () => {
    let now = 0;
    let most = 0;
    signal = async () => {
      most = Math.max(most, ++now);
      await sleep(5);
      now--;
    };
    const labels = (index: number) => ({ ...crash.labels, pod: `many-${index}` });
    await send(
      webhook(...Array.from({ length: 20 }, (_, index) => ({ ...crash, labels: labels(index), fingerprint: index.toString(16) }))),
    );
    expect(most).toBe(20);
  });
});

describe('the alert that always fires', () => {
  const watchdog = (name: string, status = 'firing') => ({ status, fingerprint: 'f0', labels: { alertname: name, severity: 'none' } });

  it.each(['Watchdog', 'DeadMansSwitch'])('%s is a sign of life of what sends it, and no incident', async (name) => {
    const body = JSON.stringify({ version: '4', receiver: 'paramedic', alerts: [watchdog(name)] });
    expect(await send(body)).toEqual({ code: 200, body: { alerts: [{ kind: 'alive', source: 'alertmanager/paramedic' }] } });
    expect({ alive, started }).toEqual({ alive: ['alertmanager/paramedic'], started: [] });
    expect(await figures()).toContain('paramedic_alerts_total{result="alive",reason="none"} 1');
    expect(await figures()).not.toContain('result="ignored"');
  });

  it('is told at most once in a while for each source', async () => {
    for (const receiver of ['one', 'two', 'one', '<script>', ''])
      await send(JSON.stringify({ version: '4', receiver, alerts: [watchdog('Watchdog')] }));
    expect(alive).toEqual(['alertmanager/one', 'alertmanager/two', 'alertmanager']);
  });

  it('is no sign of life once it is resolved', async () => {
    expect((await send(webhook(watchdog('Watchdog', 'resolved')))).body.alerts).toMatchObject([{ kind: 'ignored', why: 'watchdogSilent' }]);
    expect(alive).toEqual([]);
  });

  it('is sent again when the office cannot be told, and keeps no other alert from its incident', async () => {
    officeIsAway = true;
    expect((await send(webhook(watchdog('Watchdog'), crash))).code).toBe(503);
    expect(started).toHaveLength(1);
    officeIsAway = false;
    expect((await send(webhook(watchdog('Watchdog')))).code).toBe(200);
    expect(alive).toEqual(['alertmanager']);
  });
});

describe('the gateway’s shared secret', () => {
  it('may be any of those that are valid at the time', async () => {
    expect((await send(webhook(crash), OLD_SECRET)).code).toBe(200);
  });

  it.each([
    ['no header', []],
    ['a doubled header', ['Authorization', `Bearer ${SECRET}`, 'Authorization', `Bearer ${SECRET}`]],
    ['another scheme', ['Authorization', `Basic ${SECRET}`]],
    ['the secret bare', ['Authorization', SECRET]],
  ])('is not shown by %s', async (_case, headers) => {
    expect(await raw(headers, webhook(crash))).toMatch(/^HTTP\/1.1 401 /);
    expect(started).toEqual([]);
  });
});

describe('the gateway under a hostile or unlucky sender', () => {
  it('answers 413 while the body is still coming', async () => {
    const part = 'x'.repeat(2 ** 20);
    const answer = await raw(['Authorization', `Bearer ${SECRET}`, 'Content-Length', String(2 ** 31)], part);
    expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*The body is larger than 16777216 bytes\./);
  });

  it('answers 413 to a stream that says no length and does not end', async () => {
    const chunk = `100000\r\n${'x'.repeat(2 ** 20)}\r\n`;
    const answer = await raw(['Authorization', `Bearer ${SECRET}`, 'Transfer-Encoding', 'chunked'], chunk.repeat(18));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it('goes on after a sender that left in the middle', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`POST /alerts/alertmanager HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${SECRET}\r\nContent-Length: 100\r\n\r\n{`);
    await sleep(20);
    socket.destroy();
    expect((await send(webhook(crash))).code).toBe(200);
  });

  it('bounds how long a request may take to arrive', () => {
    expect(gateway).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 });
  });

  it.each([
    ['wrongSecret', 401, 'wrong', webhook(crash)],
    ['notAlerts', 400, SECRET, '{'],
    ['notAlerts', 400, SECRET, '[]'],
    ['bodyTooLarge', 413, SECRET, ' '.repeat(16 * 2 ** 20 + 1)],
    ['taken', 200, SECRET, webhook(crash)],
  ])('counts a request that is %s', async (result, code, secret, body) => {
    await send(body, secret);
    expect(await figures()).toContain(`paramedic_gateway_requests_total{code="${code}",result="${result}"} 1`);
  });

  it('asks to send again while it has not reached Temporal yet, and is not ready (safety 21)', async () => {
    isReady = false;
    expect(await send(webhook(crash))).toEqual({ code: 503, body: { error: 'Temporal has not been reached yet; send again.' } });
    expect(await (await fetch(`${url}/readyz`)).text()).toBe('not ready: starting\n');
  });
});
