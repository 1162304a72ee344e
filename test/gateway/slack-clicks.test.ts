import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Heard, Word } from '../../clients/decision-desk.ts';
import { NoAnswer } from '../../clients/permit-offices.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import { createGateway } from '../../gateway/server.ts';
import { openSlack, type SlackDoor } from '../../gateway/slack/app.ts';
import { boardOf } from '../../guards/board.ts';
import { EMPTY_LEDGER } from '../../guards/ledger/ledger.ts';
import { until } from '../until.ts';
import { APP_TOKEN, BOT_TOKEN, CHANNEL, openSlackDouble, type SlackDouble, TEAM } from '../vendors/slack/double.ts';
import { alertmanagerAlone } from './open-sources.ts';
import { clickOn, reasonGiven, SIGNING_SECRET, sendTo, signedPayload } from './slack-request.ts';

const ANN = 'U0ANN';
const INCIDENT = 'outage/prod/ml/Deployment/ranker';
const VALUE = { incident: INCIDENT, plan: '1a2b3c4d', namespace: 'ml' };

let slack: SlackDouble;
let door: SlackDoor;
let gateway: Server;
let port: number;
let words: (Word & { readonly callId: string | undefined })[];
let refusals: string[];
let taken: string[];
let whyNot: string | null;
let frozen: object[];
let heard: Heard | Error;
let logged: string[];

beforeEach(async () => {
  slack = await openSlackDouble();
  slack.addUser({ id: ANN, name: 'ann' });
  slack.setGroup('S0ML', [ANN]);
  [words, refusals, frozen, logged, taken, whyNot] = [[], [], [], [], [], null];
  heard = { kind: 'taken', plan: '1a2b3c4d', text: null };
  await open({});
});

afterEach(async () => {
  await door.stop();
  await new Promise((resolve) => gateway.close(resolve));
  await slack.close();
});

async function open(change: Partial<Parameters<typeof openSlack>[0]>): Promise<void> {
  const note = (fields: object, message: string) => void logged.push(`${JSON.stringify(fields)} ${message}`);
  const log = { debug: note, info: note, warn: note };
  const access = {
    ...{ signingSecret: SIGNING_SECRET, appToken: null, botToken: BOT_TOKEN, team: TEAM, users: [ANN], groups: ['S0ML'], url: slack.url },
    ...change,
  };
  const permits = {
    async freeze(call: object) {
      frozen.push(call);
      return [];
    },
    thaw: async () => [],
    board: async () => boardOf(EMPTY_LEDGER, 0),
    alive: async () => undefined,
  };
  const decisions = {
    async decide(word: Word, callId?: string) {
      words.push({ ...word, callId });
      if (heard instanceof Error) throw heard;
      return heard;
    },
    async acknowledge(incident: string, who: { name: string }) {
      taken.push(`${who.name} ${incident}`);
      return whyNot;
    },
    async judge(of: { incident: string; run: string }, says: string, who: { name: string }) {
      taken.push(`${who.name} ${of.incident} ${of.run} ${says}`);
      return whyNot;
    },
    async noteRefusal(incident: string, who: { name: string }, why: string) {
      refusals.push(`${incident}: ${who.name}: ${why}`);
    },
  };
  door = openSlack(access, { permits: () => permits, decisions: () => decisions }, log);
  gateway = createGateway({
    ...{
      intake: () => null,
      desk: () => permits,
      decisions: () => decisions,
      people: null,
      slack: door,
      webhooks: {},
      records: () => null,
    },
    ...{ sources: alertmanagerAlone(), metrics: gatewayMetrics(), health: async () => null, log },
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  port = (gateway.address() as AddressInfo).port;
}

const click = (action: string, user = ANN, value: object = VALUE) =>
  sendTo(port, clickOn({ action, user, value, channel: CHANNEL }), [], '/slack/events');
const said = () => slack.messages.filter(({ only }) => only !== undefined).map(({ text }) => text);
const untilSaid = (count = 1) => until(`${count} told to somebody`, async () => said().length >= count, 20);

describe('a click in Slack', () => {
  it('takes the decision of who clicked, with the groups they are in, to the incident, and says so to them alone (safety 29)', async () => {
    expect((await click('approve')).code).toBe(200);
    await untilSaid();
    expect(words).toEqual([
      {
        ...{ incident: INCIDENT, plan: '1a2b3c4d', decision: 'approve', reason: '' },
        who: { id: ANN, name: 'ann', way: 'slack', groups: ['S0ML'] },
        callId: expect.stringMatching(/^slack\/[0-9a-f]{64}$/),
      },
    ]);
    expect(slack.messages).toEqual([expect.objectContaining({ only: ANN, text: 'Your approve of plan 1a2b3c4d was taken.' })]);
  });

  it('asks for a reason before a plan is rejected, and takes it along', async () => {
    await click('reject');
    await until('the question is open', async () => slack.views.length === 1, 20);
    expect(words).toEqual([]);
    const [view] = slack.views;
    expect((await sendTo(port, reasonGiven(ANN, view!, 'not on\na Friday'), [], '/slack/events')).code).toBe(200);
    await untilSaid();
    expect(words).toMatchObject([{ decision: 'reject', reason: 'not on a Friday', incident: INCIDENT, plan: '1a2b3c4d' }]);
  });

  it('takes an incident upon whoever acknowledges it, and says why not where somebody has it', async () => {
    await click('acknowledge');
    await untilSaid();
    whyNot = 'ben has acknowledged it already.';
    await click('acknowledge');
    await untilSaid(2);
    expect(taken).toEqual([`ann ${INCIDENT}`, `ann ${INCIDENT}`]);
    expect(said()).toEqual(['It is yours. Nobody else is told or reminded.', 'ben has acknowledged it already.']);
  });

  it('takes what somebody says of an incident that is over, of the very run, and from nobody who may give no commands', async () => {
    const over = { ...VALUE, plan: 'run-7' };
    slack.addUser({ id: 'U0BEN', name: 'ben' });
    await click('judge-wrong', ANN, over);
    await untilSaid();
    whyNot = `Nothing was learned of an incident "${INCIDENT}".`;
    await click('judge-right', ANN, over);
    await untilSaid(2);
    await click('judge-right', 'U0BEN', over);
    await untilSaid(3);
    expect(taken).toEqual([expect.stringMatching(`${INCIDENT} run-7 wrong$`), expect.stringMatching(`${INCIDENT} run-7 right$`)]);
    expect(said()).toEqual([
      'It is taken: what was done was wrong. "paramedic incidents judge" takes the real cause, too.',
      whyNot,
      'You may not do this: U0BEN is not in PARAMEDIC_SLACK_USERS.',
    ]);
    expect(refusals).toHaveLength(1);
  });

  it('says why a decision was refused', async () => {
    heard = { kind: 'refused', why: 'Plan 1a2b3c4d is decided: approve by <ben>.' };
    await click('approve');
    await untilSaid();
    expect(said()).toEqual(['Plan 1a2b3c4d is decided: approve by &lt;ben&gt;.']);
  });

  it('does not look decided where no worker took it', async () => {
    heard = new NoAnswer('The incident did not answer within 2.5 s, and nothing may have been decided.');
    await click('approve');
    await untilSaid();
    expect(said()[0]).toMatch(/nothing may have been decided\. Look at the incident/);
  });

  it('freezes the namespace, for those alone who may freeze', async () => {
    slack.addUser({ id: 'U0BEN' });
    await click('freezeNamespace', 'U0BEN');
    await untilSaid();
    expect(frozen).toEqual([]);
    expect(refusals).toEqual([`${INCIDENT}: u0ben: You may not do this: U0BEN is not in PARAMEDIC_SLACK_USERS.`]);
    await click('freezeNamespace');
    await untilSaid(2);
    expect(frozen).toMatchObject([{ namespace: 'ml', runbook: null, reason: `asked by the button of ${INCIDENT}` }]);
  });

  it.each([
    ['a bot', { is_bot: true }, 'is a bot, and only people decide.'],
    ['somebody deactivated', { deleted: true }, 'is deactivated in Slack.'],
    ['somebody of another workspace, in a shared channel', { team_id: 'TOTHER' }, 'is of another workspace than PARAMEDIC_SLACK_TEAM.'],
  ])('of %s decides nothing, and is written down (safety 29)', async (_who, is, why) => {
    slack.addUser({ id: ANN, name: 'ann', ...is });
    await click('approve');
    await untilSaid();
    expect(words).toEqual([]);
    expect(refusals).toEqual([`${INCIDENT}: ann: ann (U0ANN) ${why}`]);
  });

  it('of somebody whom Slack does not know, or does not tell about, decides nothing (safety 29)', async () => {
    await click('approve', 'U0NOBODY');
    await untilSaid();
    slack.trouble('users.info', { kind: 'status', status: 500 });
    await click('approve');
    await untilSaid(2);
    expect(words).toEqual([]);
    expect(refusals).toEqual([
      `${INCIDENT}: U0NOBODY: Slack knows no user U0NOBODY.`,
      `${INCIDENT}: U0ANN: Slack did not say who you are, so that nothing was decided: Slack answers users.info with status 500.`,
    ]);
  });

  it('is taken once: a replay is refused and written down, and the same click by another way is the same call (safety 29)', async () => {
    const request = clickOn({ action: 'approve', user: ANN, value: VALUE, channel: CHANNEL });
    expect((await sendTo(port, request, [], '/slack/events')).code).toBe(200);
    expect((await sendTo(port, request, [], '/slack/events')).code).toBe(409);
    await untilSaid();
    expect(refusals).toEqual([`${INCIDENT}: U0ANN: The request was taken before.`]);
    const again = signedPayload(JSON.parse(new URLSearchParams(request.body).get('payload')!), Math.floor(Date.now() / 1000) + 1);
    expect((await sendTo(port, again, [], '/slack/events')).code).toBe(200);
    await untilSaid(2);
    expect(new Set(words.map(({ callId }) => callId)).size).toBe(1);
  });

  it('from another workspace, rightly signed, is refused and written down (safety 29)', async () => {
    const request = clickOn({ action: 'approve', user: ANN, value: VALUE, channel: CHANNEL, team: 'TOTHER' });
    expect((await sendTo(port, request, [], '/slack/events')).code).toBe(403);
    expect(words).toEqual([]);
    expect(refusals).toHaveLength(1);
  });

  it.each([
    ['no value', {}],
    ['another value', { incident: INCIDENT }],
    ['more than there is', { ...VALUE, by: 'anna' }],
  ])('on a button that has %s does nothing (safety 29)', async (_what, value) => {
    expect((await click('approve', ANN, value)).code).toBe(200);
    await click('delete');
    await click('escalate');
    await untilSaid();
    expect(words).toMatchObject([{ decision: 'escalate' }]);
  });

  it('calls no address that the request names, and logs no token (safety 33, 34)', async () => {
    await click('approve');
    await untilSaid();
    expect(slack.calls.map(({ method }) => method)).toEqual(['users.info', 'usergroups.users.list', 'chat.postEphemeral']);
    expect(logged.join()).not.toMatch(/planted|8f742231/);
  });
});

describe('Socket Mode', () => {
  it('takes clicks by a connection that the gateway opens, as it takes them over HTTP', async () => {
    await door.stop();
    await new Promise((resolve) => gateway.close(resolve));
    await open({ signingSecret: null, appToken: APP_TOKEN });
    expect((await click('approve')).code).toBe(404);
    door.start();
    await until('it is connected', async () => slack.connections() === 1, 20);
    const payload = JSON.parse(
      new URLSearchParams(clickOn({ action: 'approve', user: ANN, value: VALUE, channel: CHANNEL }).body).get('payload')!,
    );
    await slack.sendBySocket('interactive', payload);
    await untilSaid();
    expect(words).toMatchObject([{ decision: 'approve', who: { id: ANN, groups: ['S0ML'] } }]);
    const command = { command: '/paramedic', text: 'guards', user_id: ANN, user_name: 'ann', team_id: TEAM, trigger_id: '1.1' };
    expect(await slack.sendBySocket('slash_commands', command)).toMatchObject({ text: 'Nothing is held, refused or used up.' });
  });

  it('connects again when it is lost, and says in the log, without its token, why it cannot (safety 34)', async () => {
    await door.stop();
    await new Promise((resolve) => gateway.close(resolve));
    slack.trouble('apps.connections.open', { kind: 'error', error: 'invalid_auth' });
    await open({ signingSecret: null, appToken: APP_TOKEN });
    door.start();
    await until('it is told', async () => logged.some((line) => line.includes('Slack cannot be connected to by Socket Mode')), 20);
    await until('it is connected', async () => slack.connections() === 1, 20);
    slack.cutConnections();
    await until('it is noticed', async () => logged.some((line) => line.includes('The connection to Slack was lost')), 20);
    await until('it is connected again', async () => slack.connections() === 1, 20);
    expect(logged.join()).not.toContain('planted');
  });
});
