import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DecisionDesk, Word } from '../../../clients/decision-desk.ts';
import { gatewayMetrics } from '../../../gateway/metrics.ts';
import { createGateway } from '../../../gateway/server.ts';
import { openStatusDoor } from '../../../gateway/status/door.ts';
import { addStatusGauges } from '../../../gateway/status/gauges.ts';
import { openStatusReader } from '../../../gateway/status/reader.ts';
import type { StatusSources } from '../../../gateway/status/sources.ts';
import { openHealth } from '../../../worker/health.ts';
import { alertmanagerAlone } from '../open-sources.ts';
import { all, row, sources } from './sample.ts';

const TOKEN = 'anns-token-of-enough-length';

let gateway: Server;
let url: string;
let now: StatusSources | null;
let decided: Word[];

beforeEach(async () => {
  now = sources();
  decided = [];
  const decisions: DecisionDesk = {
    async decide(word) {
      decided.push(word);
      return { kind: 'taken', plan: word.plan ?? '', text: null };
    },
    acknowledge: async () => null,
    judge: async () => null,
    noteRefusal: async () => undefined,
  };
  const metrics = gatewayMetrics();
  const reader = openStatusReader('prod', () => now);
  addStatusGauges(metrics.registry, 'prod', reader);
  const people = [{ name: 'ann', token: TOKEN }];
  gateway = createGateway({
    ...{ intake: () => null, desk: () => null, decisions: () => decisions, records: () => null, people, slack: null, webhooks: {} },
    status: openStatusDoor('prod', reader, { holders: people }),
    sources: alertmanagerAlone(['a-secret-of-enough-length']),
    metrics,
    health: openHealth(() => metrics.registry.metrics()).answer,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});

afterEach(() => new Promise((resolve) => gateway.close(resolve)));

const basic = `Basic ${Buffer.from(`ann:${TOKEN}`).toString('base64')}`;
const get = (path: string, authorization = basic) => fetch(`${url}${path}`, { headers: { authorization } });

describe('the way to the status', () => {
  it('gives a browser a page that may load and run nothing, and be put into no other', async () => {
    const answer = await get('/status');
    const document = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const [, style] = /<style>([\s\S]*)<\/style>/.exec(document)!;
    const hash = createHash('sha256').update(style!).digest('base64');
    expect(answer.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(document).not.toMatch(/<script|style="|\son[a-z]+=|(src|href)="(?!data:,|\?)/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('gives a program the same as a document', async () => {
    now = sources({ open: all(row({ target: 'ml/Deployment/a' })) });
    const answer = await get('/status.json');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toMatchObject({
      cluster: 'prod',
      open: { total: 1, incidents: [{ target: 'ml/Deployment/a', phase: 'verifying', asked: null }] },
      guards: [
        { cluster: 'prod', freezes: [], sections: [] },
        { cluster: null, freezes: [], sections: [] },
      ],
      lastDay: { total: 0, counted: 0, counts: {}, latest: [] },
    });
  });

  it('keeps the page still for whoever wants it', async () => {
    expect(await (await get('/status')).text()).toContain('http-equiv="refresh"');
    expect(await (await get('/status?still')).text()).not.toContain('http-equiv="refresh"');
  });

  it('answers 503 while Temporal is away, to both', async () => {
    now = null;
    const page = await get('/status');
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('It has not been reached yet.');
    const document = await get('/status.json');
    expect(document.status).toBe(503);
    expect(await document.json()).toEqual({ error: 'Temporal cannot be read: It has not been reached yet.', last: null });
  });

  it('shows a stranger nothing, and takes nothing from anybody', async () => {
    for (const path of ['/status', '/status.json']) {
      const denied = await get(path, 'Bearer wrong');
      expect(denied.status).toBe(401);
      expect(denied.headers.get('www-authenticate')).toBe('Basic realm="Paramedic", charset="UTF-8"');
      expect(await denied.text()).not.toContain('prod');
      expect((await fetch(`${url}${path}`, { method: 'POST', headers: { authorization: basic } })).status).toBe(404);
    }
  });

  it('lets a password that a browser remembers decide nothing', async () => {
    const body = JSON.stringify({ incident: 'a', plan: 'p', decision: 'approve' });
    const decide = async (authorization: string) =>
      (await fetch(`${url}/decisions`, { method: 'POST', headers: { authorization }, body })).status;
    expect(await decide(basic)).toBe(401);
    expect(decided).toEqual([]);
    expect(await decide(`Bearer ${TOKEN}`)).toBe(200);
  });

  it('counts what is open by failure and phase, and tells when the first question is answered by silence', async () => {
    now = sources({
      open: all(
        row({ target: 'a', phase: 'asking' }),
        row({ target: 'b', phase: 'asking' }),
        row({ target: 'c', phase: null, failureType: 'outOfMemory' }),
      ),
      asked: async (id) => ({ id: 'p', plan: 'restart', expiresAt: `2026-03-04T10:${id.endsWith('a') ? 30 : 20}:00.000Z`, options: null }),
    });
    const figures = await (await fetch(`${url}/metrics`)).text();
    expect(figures).toContain('paramedic_open_incidents{cluster="prod",failure_type="podCrash",phase="asking"} 2\n');
    expect(figures).toContain('paramedic_open_incidents{cluster="prod",failure_type="outOfMemory",phase="notBegun"} 1\n');
    expect(figures).toContain('paramedic_first_question_expires_timestamp_seconds{cluster="prod"} 1772619600\n');
  });

  it('counts nothing as open, rather than none, while Temporal is away', async () => {
    now = null;
    const figures = await (await fetch(`${url}/metrics`)).text();
    expect(figures).not.toMatch(/^paramedic_(open|first)/m);
  });
});
