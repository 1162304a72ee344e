import type { Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NoAnswer } from '../../clients/permit-offices.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import type { PermitDesk } from '../../gateway/permit-desk.ts';
import { createGateway, type GatewayOptions } from '../../gateway/server.ts';
import { boardOf } from '../../guards/board.ts';
import { EMPTY_LEDGER, type Freeze } from '../../guards/ledger/ledger.ts';
import { readFreeze } from '../../workflows/freeze-call.ts';
import { alertmanagerAlone } from './open-sources.ts';
import { ANN, type SlashRequest, sendTo, signed, slackFor, slash, TEAM, withHeaders } from './slack-request.ts';

const ann = { id: ANN, name: 'ann', way: 'slack' as const, groups: [] };

let gateway: Server;
let port: number;
let called: unknown[];
let failure: Error | null;
let left: readonly Freeze[];

const desk: PermitDesk = {
  async freeze(call) {
    called.push(call);
    if (failure) throw failure;
    return [{ ...readFreeze(call, 0), sinceMs: 0 }];
  },
  async thaw(scope) {
    called.push({ thaw: scope });
    return left;
  },
  board: async () => boardOf({ ...EMPTY_LEDGER, freezes: left }, 0),
  alive: async () => undefined,
};

async function open(change: Partial<GatewayOptions> = {}): Promise<void> {
  const note = () => undefined;
  gateway = createGateway({
    intake: () => null,
    desk: () => desk,
    decisions: () => null,
    people: null,
    slack: slackFor([ANN], () => desk),
    webhooks: {},
    records: () => null,
    sources: alertmanagerAlone(),
    metrics: gatewayMetrics(),
    health: async () => null,
    log: { debug: note, info: note, warn: note },
    ...change,
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  port = (gateway.address() as AddressInfo).port;
}

beforeEach(async () => {
  called = [];
  failure = null;
  left = [];
  await open();
});

afterEach(() => new Promise((resolve) => gateway.close(resolve)));

const send = (request: SlashRequest, more: readonly string[] = []) => sendTo(port, request, more);

const changed = (change: (signature: string) => string): SlashRequest => {
  const request = slash('freeze');
  return withHeaders(request, { 'X-Slack-Signature': change(request.headers['X-Slack-Signature']!) });
};

describe('a command in Slack', () => {
  it('freezes what it names, says until when and how to go on, to the one who typed it alone', async () => {
    const { code, body } = await send(slash('freeze namespace=ml runbook=pod-crash for=2h  a big   release'));
    expect(called).toEqual([{ namespace: 'ml', runbook: 'pod-crash', forSeconds: 7_200, reason: 'a big release', by: ann }]);
    expect(code).toBe(200);
    expect(body).toEqual({
      response_type: 'ephemeral',
      mrkdwn: false,
      text: `Runbook pod-crash in namespace ml is frozen by ann (Slack user ${ANN}) until 1970-01-01T02:00:00.000Z: a big release. To end it: /paramedic thaw namespace=ml runbook=pod-crash`,
    });
  });

  it('thaws everything or one scope, and says what stays frozen', async () => {
    expect((await send(slash('thaw'))).text).toBe('No freeze that a person called is left in this cluster.');
    left = [{ namespace: null, runbook: null, by: 'bob', reason: '', sinceMs: 0, untilMs: null }];
    expect((await send(slash('thaw namespace=ml'))).text).toBe('Still in force: Everything is frozen by bob until it is thawed.');
    expect(called).toEqual([{ thaw: { namespace: null, runbook: null, by: ann } }, { thaw: { namespace: 'ml', runbook: null, by: ann } }]);
  });

  it('shows what the guards hold back', async () => {
    expect((await send(slash('guards'))).text).toBe('Nothing is held, refused or used up.');
    left = [{ namespace: null, runbook: null, by: 'bob', reason: '', sinceMs: 0, untilMs: null }];
    expect((await send(slash('guards'))).text).toBe('Frozen\n  Everything is frozen by bob until it is thawed.');
  });

  it('does not look done when no worker took it', async () => {
    failure = new NoAnswer();
    expect((await send(slash('freeze'))).text).toContain('No worker took it in time, so it is not known to be done');
  });

  it.each([
    ['', 'That is no command.'],
    ['Freeze', 'That is no command.'],
    ['freeze namespace=ML', 'namespace must be the name of a Kubernetes namespace.'],
    ['freeze namespace=', 'namespace must be the name of a Kubernetes namespace.'],
    ['freeze namespace=ml"},{"a":"', 'namespace must be the name of a Kubernetes namespace.'],
    ['freeze namespace=ml namespace=prod', 'namespace is given twice.'],
    ['freeze runbook=../x', 'runbook must be the name of a runbook, such as pod-crash.'],
    ['freeze for=forever', 'for must be a length of time of at most a year, such as 90s, 30m, 2h or 1d.'],
    ['thaw ml', 'A thaw takes namespace and runbook only.'],
    ['guards all', 'guards takes nothing else.'],
    ['constructor', 'That is no command.'],
  ])('%p is not understood, and says why', async (text, fault) => {
    expect((await send(slash(text))).text).toMatch(new RegExp(`^${fault.replaceAll('.', '\\.')} Say freeze \\[`));
    expect(called).toEqual([]);
  });

  it('is never interpreted: no mention, link or markup comes back (safety 33)', async () => {
    const { text } = await send(slash('freeze <!channel> <@U1> <http://x|y> & $(reboot) `id`', { user_name: '<!here>' }));
    expect(called).toMatchObject([{ reason: '<!channel> <@U1> <http://x|y> & $(reboot) `id`', by: { ...ann, name: ANN } }]);
    expect(text).toContain('&lt;!channel&gt; &lt;@U1&gt; &lt;http://x|y&gt; &amp; $(reboot) `id`');
  });

  it('is answered with 404 where no signing secret is set', async () => {
    await new Promise((resolve) => gateway.close(resolve));
    await open({ slack: null });
    expect((await send(slash('freeze'))).code).toBe(404);
  });
});

describe('a command that Slack did not send, or not for us, does nothing:', () => {
  afterEach(() => expect(called).toEqual([]));

  it.each([
    ['no signature', () => withHeaders(slash('freeze'), { 'X-Slack-Signature': undefined })],
    ['an empty signature', () => withHeaders(slash('freeze'), { 'X-Slack-Signature': '' })],
    ['no timestamp', () => withHeaders(slash('freeze'), { 'X-Slack-Request-Timestamp': undefined })],
    ['an empty timestamp', () => signed(slash('freeze').body, '')],
    ['a signature of version 1', () => changed((signature) => signature.replace('v0=', 'v1='))],
    ['no version', () => changed((signature) => signature.slice(3))],
    ['upper-case hex', () => changed((signature) => `v0=${signature.slice(3).toUpperCase()}`)],
    ['cut hex', () => changed((signature) => signature.slice(0, -2))],
    ['over-long hex', () => changed((signature) => `${signature}00`)],
    ['what is no hex', () => changed(() => `v0=${'z'.repeat(64)}`)],
    ['another signature', () => changed((signature) => `v0=${signature.slice(3).split('').reverse().join('')}`)],
    ['the signature of another app', () => signed(slash('freeze').body, undefined, 'the-secret-of-another-app')],
    ['a body that was written anew', () => ({ ...slash('freeze  now'), body: slash('freeze  now').body.replaceAll('+', '%20') })],
    ['a body with its fields in another order', () => ({ ...slash('freeze'), body: slash('freeze').body.split('&').reverse().join('&') })],
    ['a timestamp of before 301 s', () => slash('freeze', {}, Math.floor(Date.now() / 1000) - 301)],
    ['a timestamp from the far future', () => slash('freeze', {}, Math.floor(Date.now() / 1000) + 1_000_000)],
    ['a negative timestamp', () => signed(slash('freeze').body, '-1')],
    ['a timestamp that is no number', () => signed(slash('freeze').body, 'NaN')],
    ['a timestamp in another notation', () => signed(slash('freeze').body, `${Math.floor(Date.now() / 1000)}.0`)],
  ])('%s (safety 29)', async (_what, request) => {
    expect((await send(request())).code).toBe(401);
  });

  it.each(['X-Slack-Signature', 'X-Slack-Request-Timestamp'])('a doubled header %s (safety 29)', async (name) => {
    const request = slash('freeze');
    expect((await send(request, [name, request.headers[name]!])).code).toBe(401);
  });

  it('JSON instead of a form (safety 29)', async () => {
    const request = signed(JSON.stringify({ team_id: TEAM, user_id: ANN, command: '/paramedic', text: 'freeze' }));
    expect((await send(withHeaders(request, { 'Content-Type': 'application/json' }))).code).toBe(415);
    expect((await send(request)).code).toBe(400);
  });

  it('another workspace, rightly signed (safety 29)', async () => {
    expect((await send(slash('freeze', { team_id: 'TOTHER' }))).code).toBe(403);
  });

  it('two workspaces or two users in one form (safety 29)', async () => {
    expect((await send(signed(`${slash('freeze').body}&team_id=TOTHER`))).code).toBe(400);
    expect((await send(signed(`${slash('freeze').body}&user_id=UOTHER`))).code).toBe(400);
  });

  it('a user who is not allowed, and everybody where nobody is (safety 29)', async () => {
    const { code, text } = await send(slash('freeze', { user_id: 'UOTHER' }));
    expect({ code, text }).toEqual({ code: 200, text: 'You may not do this: UOTHER is not in PARAMEDIC_SLACK_USERS.' });
    await new Promise((resolve) => gateway.close(resolve));
    await open({ slack: slackFor([], () => desk) });
    expect((await send(slash('freeze'))).text).toContain('You may not do this');
  });

  it('a body that is far larger than a command (safety 29)', async () => {
    expect((await send(slash(`freeze ${'x'.repeat(300_000)}`))).code).toBe(413);
  });
});

describe('a command that is taken', () => {
  it('is taken once: a replay within the window does nothing (safety 29)', async () => {
    const request = slash('freeze');
    expect((await send(request)).code).toBe(200);
    expect((await send(request)).code).toBe(409);
    expect(called).toHaveLength(1);
  });

  it('calls no address that the request names (safety 33)', async () => {
    let connections = 0;
    const stranger = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const response_url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`;
    expect((await send(slash('freeze', { response_url }))).code).toBe(200);
    await new Promise((resolve) => stranger.close(resolve));
    expect(connections).toBe(0);
  });
});
