import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Intake } from '../../gateway/intake.ts';
import { createGateway } from '../../gateway/server.ts';
import { parseRunbook } from '../../runbooks/load.ts';

const SECRET = 'a-secret-of-enough-length';
const { runbooks } = parseRunbook(
  'a.yaml',
  'name: a\nfailureType: podCrash\nmatch: { alerts: [Crash], kinds: [Deployment] }\nremedies: [restart]\n',
);
const crash = { status: 'firing', labels: { alertname: 'Crash', namespace: 'ml', pod: 'ranker-1' } };

let gateway: Server;
let url: string;
let temporalIsAway: boolean;
let started: { type: string; id: string }[];

beforeEach(async () => {
  temporalIsAway = false;
  started = [];
  const workflow = {
    signalWithStart: async (type: string, { workflowId }: { workflowId: string }) => {
      if (temporalIsAway) throw new Error('14 UNAVAILABLE');
      started.push({ type, id: workflowId });
    },
  };
  const intake: Intake = {
    runbooks,
    cluster: 'test',
    taskQueue: 'paramedic-test',
    kubernetes: {
      async topmostOwner(_namespace, _kind, name) {
        if (name === 'ranker-1') return { kind: 'Deployment', name: 'ranker' };
        return name === 'churn-1' ? { kind: 'InferenceService', name: 'churn' } : null;
      },
    },
    client: { workflow } as unknown as Intake['client'],
  };
  gateway = createGateway({ intake, secret: SECRET, log: () => undefined });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});

afterEach(() => new Promise((resolve) => gateway.close(resolve)));

async function send(body: string, secret = SECRET) {
  const answer = await fetch(`${url}/alerts/alertmanager`, { method: 'POST', headers: { authorization: `Bearer ${secret}` }, body });
  return { code: answer.status, body: (await answer.json()) as { error?: string; alerts?: object[] } };
}

const webhook = (...alerts: object[]) => JSON.stringify({ version: '4', notification_reason: 'a newer field', alerts });

describe('the gateway', () => {
  it('starts the incident of the pod’s Deployment, whatever fields a newer Alertmanager adds', async () => {
    const { code, body } = await send(webhook(crash));
    expect(code).toBe(200);
    expect(body.alerts).toEqual([{ kind: 'joined', incident: 'pod-crash/test/ml/Deployment/ranker' }]);
    expect(started).toEqual([{ type: 'podCrash', id: 'pod-crash/test/ml/Deployment/ranker' }]);
  });

  it('answers 503 while Temporal is away, so that Alertmanager sends again', async () => {
    temporalIsAway = true;
    expect((await send(webhook(crash))).code).toBe(503);
  });

  it.each(['', 'wrong', `${SECRET}x`])('refuses the secret %p and starts nothing', async (secret) => {
    expect((await send(webhook(crash), secret)).code).toBe(401);
    expect(started).toEqual([]);
  });

  it.each([
    ['{', 'The body is not JSON.'],
    ['{"alerts":[]}', 'The body is not an Alertmanager webhook of version 4: version: Invalid input: expected string, received undefined.'],
  ])('answers 400 to %p and says what is wrong', async (text, error) => {
    expect(await send(text)).toEqual({ code: 400, body: { error } });
  });

  it('answers 413 to a body over the limit', async () => {
    expect((await send(' '.repeat(16 * 2 ** 20 + 1))).code).toBe(413);
  });

  it.each([
    ['names no runbook', { ...crash, labels: { ...crash.labels, alertname: 'Other' } }, 'No runbook matches the alert "Other".'],
    ['has no namespace', { ...crash, labels: { alertname: 'Crash' } }, 'The alert has no namespace label.'],
    [
      'names no resource',
      { ...crash, labels: { alertname: 'Crash', namespace: 'ml' } },
      'The alert has no label that names a resource (inferenceservice, deployment, pod).',
    ],
    [
      'is about a kind no runbook is for',
      { ...crash, labels: { ...crash.labels, pod: 'churn-1' } },
      'No runbook matches the alert "Crash" for a target of kind InferenceService.',
    ],
    [
      'is about an unknown pod',
      { ...crash, labels: { ...crash.labels, pod: 'x' } },
      'Pod ml/x does not exist, or nothing that Paramedic heals owns it.',
    ],
  ])('leaves an alert alone that %s, says so and counts it', async (_case, alert, reason) => {
    expect((await send(webhook(alert))).body.alerts).toEqual([{ kind: 'ignored', reason }]);
    expect(started).toEqual([]);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('paramedic_alerts_total{result="ignored"} 1');
  });
});
