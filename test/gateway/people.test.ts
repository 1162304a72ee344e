import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Heard, Word } from '../../clients/decision-desk.ts';
import { NoAnswer } from '../../clients/permit-offices.ts';
import type { Intake } from '../../gateway/intake.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import { createGateway } from '../../gateway/server.ts';
import { boardOf } from '../../guards/board.ts';
import { EMPTY_LEDGER } from '../../guards/ledger/ledger.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import { nothingHandedOver } from './nothing-handed-over.ts';
import { alertmanagerAlone } from './open-sources.ts';

const TOKEN = 'planted-token-of-anna';
const anna = { id: 'anna', name: 'anna', way: 'http', groups: [] };
const DECISION = { incident: 'outage/prod/ml/Deployment/ranker', plan: '1a2b3c4d', decision: 'approve', reason: 'seen' };

let gateway: Server;
let words: Word[];
let noted: string[];
let begun: { readonly args: readonly unknown[]; readonly signalArgs: readonly unknown[] }[];
let heard: Heard | Error;
let taken: string[];
let whyNot: string | null;
let logged: string[];

beforeEach(async () => {
  [words, noted, begun, logged, taken, whyNot] = [[], [], [], [], [], null];
  heard = { kind: 'taken', plan: '1a2b3c4d', text: 'restart' };
  const decisions = {
    async decide(word: Word) {
      words.push(word);
      if (heard instanceof Error) throw heard;
      return heard;
    },
    judge: async () => null,
    async acknowledge(incident: string, who: { name: string }) {
      taken.push(`${who.name} ${incident}`);
      return whyNot;
    },
    async noteRefusal(_incident: string, who: { name: string }, why: string) {
      noted.push(`${who.name}: ${why}`);
    },
  };
  const workflow = {
    signalWithStart: async (_type: string, options: (typeof begun)[number]) => void begun.push(options),
    getHandle: nothingHandedOver,
  };
  const { runbooks } = parseRunbook('test', '{ name: test, failureType: podCrash, match: { alerts: [A] }, remedies: [restart] }');
  const intake: Intake = {
    ...{ runbooks, limits: LimitsFile.parse({}), cluster: 'prod', taskQueue: 'q' },
    kubernetes: { topmostOwner: async (_namespace, _kind, name) => ({ kind: 'Deployment', name }) },
    client: { workflow } as unknown as Intake['client'],
  };
  const desk = { freeze: async () => [], thaw: async () => [], board: async () => boardOf(EMPTY_LEDGER, 0), alive: async () => undefined };
  const note = (fields: object, message: string) => void logged.push(`${JSON.stringify(fields)} ${message}`);
  gateway = createGateway({
    ...{ intake: () => intake, desk: () => desk, decisions: () => decisions, people: [{ name: 'anna', token: TOKEN }], slack: null },
    ...{ webhooks: {}, records: () => null, sources: alertmanagerAlone(), metrics: gatewayMetrics(), health: async () => null },
    log: { debug: note, info: note, warn: note },
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
});

afterEach(() => new Promise((resolve) => gateway.close(resolve)));

async function post(path: string, body: unknown, token: string | null = TOKEN) {
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}${path}`;
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { code: answer.status, body: (await answer.json()) as { error?: string } };
}

describe('a decision over HTTP', () => {
  it('is taken in the name of whose token it shows (safety 29)', async () => {
    expect(await post('/decisions', DECISION)).toEqual({ code: 200, body: { ...DECISION, by: 'anna', does: 'restart' } });
    expect(words).toEqual([{ ...DECISION, who: anna }]);
  });

  it.each<[Heard['kind'], number]>([
    ['refused', 409],
    ['notOpen', 404],
    ['notUnderstood', 400],
  ])('that is %s is answered with %i and why', async (kind, code) => {
    heard = { kind: kind as 'refused', why: 'Plan 1a2b3c4d is decided: approve by ben.' };
    expect(await post('/decisions', DECISION)).toEqual({ code, body: { error: 'Plan 1a2b3c4d is decided: approve by ben.' } });
  });

  it('does not look decided where no worker took it', async () => {
    heard = new NoAnswer('The incident did not answer within 2.5 s, and nothing may have been decided.');
    expect((await post('/decisions', DECISION)).code).toBe(503);
  });

  it.each([
    ['no token', null],
    ['an empty one', ''],
    ['a wrong one', 'planted-token-of-nobody'],
    ['one that is cut', TOKEN.slice(0, -1)],
  ])('with %s decides nothing, and is written down (safety 29)', async (_what, token) => {
    expect((await post('/decisions', DECISION, token)).code).toBe(401);
    expect(words).toEqual([]);
    expect(noted).toEqual(['somebody without a valid token: The token is missing or wrong.']);
  });

  it('with wrong tokens by the hundred does not fill the audit trail', async () => {
    for (let times = 0; times < 50; times++) await post('/decisions', DECISION, 'planted-token-of-nobody');
    expect(noted).toHaveLength(20);
  });

  it.each([
    ['approve', /The body is not JSON/],
    [{ ...DECISION, plan: undefined }, /Cannot understand "plan"/],
    [{ ...DECISION, decision: 'yes' }, /Cannot understand "decision"/],
    [{ ...DECISION, by: 'ben' }, /Cannot understand "the body"/],
    [{ ...DECISION, reason: 'x'.repeat(301) }, /Cannot understand "reason"/],
  ])('that says %j is not understood, and says which field', async (body, why) => {
    const { code, body: answer } = await post('/decisions', body);
    expect({ code, error: answer.error }).toEqual({ code: 400, error: expect.stringMatching(why) });
    expect(words).toEqual([]);
  });

  it('logs no token (safety 34)', async () => {
    await post('/decisions', DECISION);
    await post('/decisions', DECISION, 'planted-token-of-nobody');
    expect(logged.join()).not.toContain('planted');
  });
});

describe('an acknowledgement over HTTP', () => {
  const INCIDENT = 'outage/prod/ml/Deployment/ranker';

  it('is taken in the name of whose token it shows, and refused in a sentence', async () => {
    expect(await post('/acknowledgements', { incident: INCIDENT, reason: 'on it' })).toEqual({
      code: 200,
      body: { incident: INCIDENT, reason: 'on it', by: 'anna' },
    });
    whyNot = 'ben has acknowledged it already.';
    expect(await post('/acknowledgements', { incident: INCIDENT })).toEqual({ code: 409, body: { error: whyNot } });
    expect((await post('/acknowledgements', { incident: INCIDENT }, null)).code).toBe(401);
    expect(taken).toEqual([`anna ${INCIDENT}`, `anna ${INCIDENT}`]);
  });
});

describe('an incident that somebody raises over HTTP', () => {
  const RAISED = { alert: 'A', labels: { namespace: 'ml', deployment: 'ranker' }, says: 'it answers nobody' };

  it('begins as one of an alert does, and says who raised it', async () => {
    expect(await post('/incidents', RAISED)).toEqual({
      code: 200,
      body: { kind: 'joined', incident: 'outage/prod/ml/Deployment/ranker' },
    });
    expect(begun[0]?.signalArgs).toMatchObject([
      [{ name: 'A', status: 'firing', raisedBy: anna, annotations: { summary: 'Raised by anna: it answers nobody' } }],
      { runbook: { name: expect.any(String) } },
    ]);
  });

  it('needs a token, a runbook that answers it, and a target (safety 11)', async () => {
    expect((await post('/incidents', RAISED, null)).code).toBe(401);
    expect(await post('/incidents', { ...RAISED, alert: 'B' })).toEqual({
      code: 422,
      body: { error: 'No runbook matches the alert "B".' },
    });
    expect((await post('/incidents', { alert: 'A', labels: {} })).code).toBe(422);
    expect((await post('/incidents', { ...RAISED, raisedBy: 'ben' })).code).toBe(400);
    expect(begun).toEqual([]);
  });

  it('is not what an alert can claim of itself', async () => {
    const alert = {
      status: 'firing',
      fingerprint: 'f0',
      raisedBy: anna,
      labels: { alertname: 'A', namespace: 'ml', deployment: 'ranker' },
    };
    const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/alerts/alertmanager`;
    await fetch(url, { method: 'POST', body: JSON.stringify({ version: '4', alerts: [alert] }) });
    expect(begun).toHaveLength(1);
    expect(begun[0]?.signalArgs[0]).toEqual([expect.not.objectContaining({ raisedBy: expect.anything() })]);
  });
});
