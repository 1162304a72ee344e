import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TryLater } from '../../../clients/failures.ts';
import { slackIncidentMessages } from '../../../clients/slack/incident-messages.ts';
import type { AskedView, IncidentView } from '../../../incident/incident-view.ts';
import { BOT_TOKEN, CHANNEL, openSlackDouble, type SlackDouble } from '../../vendors/slack/double.ts';

let slack: SlackDouble;
beforeEach(async () => {
  slack = await openSlackDouble();
});
afterEach(() => slack.close());

const target = { cluster: 'prod', namespace: 'ml', kind: 'Deployment', name: 'ranker' } as const;
const asked: AskedView = {
  ...{ id: '1a2b3c4d', plan: 'undoRelease (revision 2 → revision 1)', expiresAt: '2026-11-29T01:00:00.000Z', reason: 'It asks first.' },
  diagnosis: { cause: 'bad-release', confidence: 'certain', reasons: ['It crashes since the release <!channel>.'] },
  briefing: [],
  consequences: { diff: ['- revision 2', '+ revision 1'], blastRadius: 'Every pod is made anew.', undo: 'It is taken back.', why: '' },
};
const view = (change: Partial<IncidentView> = {}): IncidentView => ({
  ...{ incident: 'outage/prod/ml/Deployment/ranker', run: 'r1', failureType: 'podCrash', runbook: 'pod-crash', mode: 'approve' },
  ...{ target, phase: 'diagnosing', cause: null, asked: null, decisions: [], end: null, ...change },
});
const messages = () =>
  slackIncidentMessages({ url: slack.url, botToken: BOT_TOKEN, answerMsMax: 500 }, () => 'https://temporal.example/ui');
const texts = () => slack.messages.map(({ text }) => text);
const written = () => JSON.stringify(slack.messages.map(({ blocks }) => blocks));

describe('the message about an incident', () => {
  it('is posted once and then changed in place, with the story as a thread below', async () => {
    const first = await messages().show({ channel: CHANNEL, view: view(), sentences: ['12:00 An alert fired.'], posted: null }, false);
    const news = { channel: CHANNEL, view: view({ end: 'recovered: Healthy.' }), sentences: ['12:00 An alert fired.', '12:01 Closed.'] };
    const second = await messages().show({ ...news, posted: first }, false);
    expect(second).toEqual({ channel: CHANNEL, ts: first.ts, told: 2 });
    expect(texts()).toEqual(['podCrash: ml/Deployment/ranker. recovered: Healthy.', '12:00 An alert fired.', '12:01 Closed.']);
    expect(slack.messages.map(({ thread }) => thread)).toEqual([null, first.ts, first.ts]);
  });

  it('asks with what is to be done, why, the evidence, the dry run, what it touches, how it is undone, until when, and buttons', async () => {
    await messages().show({ channel: CHANNEL, view: view({ asked, phase: 'asking' }), sentences: [], posted: null }, false);
    const text = written();
    for (const part of ['What would be done: undoRelease', 'Why: It asks first.', 'Evidence: It crashes', '- revision 2\\n+ revision 1'])
      expect(text).toContain(part);
    for (const part of ['Every pod is made anew. It is taken back.', 'Silence until 2026-11-29T01:00:00.000Z is no.'])
      expect(text).toContain(part);
    const actions = slack.messages[0]?.blocks.find(({ type }) => type === 'actions')?.elements ?? [];
    expect(actions.map(({ action_id: id }) => id)).toEqual([
      'paramedic:approve',
      'paramedic:reject',
      'paramedic:escalate',
      'paramedic:freezeNamespace',
    ]);
    expect(JSON.parse(actions[0]?.value ?? '')).toEqual({ incident: view().incident, plan: '1a2b3c4d', namespace: 'ml' });
  });

  it('asks whether what was tried was right once it is over, and of nothing that teaches nothing', async () => {
    const buttons = async (change: Partial<IncidentView>) => {
      await messages().show({ channel: CHANNEL, view: view(change), sentences: [], posted: null }, false);
      const actions = slack.messages.at(-1)?.blocks.find(({ type }) => type === 'actions')?.elements ?? [];
      return actions.map(({ action_id: id, value }) => [id, JSON.parse(value ?? '').plan]);
    };
    expect(await buttons({ end: 'recovered: Healthy.', isTaught: true })).toEqual([
      ['paramedic:judge-right', 'r1'],
      ['paramedic:judge-wrong', 'r1'],
    ]);
    expect(await buttons({ isTaught: true })).toEqual([]);
    expect(await buttons({ end: 'selfResolved: Healthy.', isTaught: false })).toEqual([]);
  });

  it('has a button for each option where there are several, and none once nothing is asked', async () => {
    const options = [
      { name: 'rollBack' as const, does: 'serve version 1' },
      { name: 'ignore' as const, does: 'do nothing' },
    ];
    const first = await messages().show(
      { channel: CHANNEL, view: view({ asked: { ...asked, options } }), sentences: [], posted: null },
      false,
    );
    expect(written()).toContain('paramedic:rollBack');
    const decisions = ['12:05 anna approved plan 1a2b3c4d.'];
    await messages().show({ channel: CHANNEL, view: view({ decisions }), sentences: [], posted: first }, false);
    expect(written()).not.toContain('paramedic:');
    expect(written()).toContain('anna approved plan 1a2b3c4d.');
  });

  it('holds nothing that could ping anybody, be a link or be markup (safety 33)', async () => {
    const evil = { namespace: 'ml', kind: 'Deployment', name: '<!here>&<https://evil.example|click>', cluster: 'prod' } as const;
    const sentences = ['<!channel> *bold* <@U1> https://evil.example'];
    await messages().show({ channel: CHANNEL, view: view({ target: evil, asked }), sentences, posted: null }, false);
    for (const { text } of slack.messages) expect(text).not.toMatch(/<[!@#h]/);
    const markups = slack.messages.flatMap(({ blocks }) => JSON.stringify(blocks).match(/"type":"mrkdwn","text":"[^"]*"/g) ?? []);
    expect(markups).toEqual(['"type":"mrkdwn","text":"<https://temporal.example/ui|Temporal Web UI>"']);
  });

  it('keeps within what Slack takes, however much there is to say', async () => {
    const long = 'x'.repeat(20_000);
    const big = { ...asked, plan: long, reason: long, consequences: { ...asked.consequences!, diff: [long] } };
    await messages().show(
      { channel: CHANNEL, view: view({ asked: big, end: null, decisions: [long, long] }), sentences: [long], posted: null },
      false,
    );
    for (const { blocks } of slack.messages) {
      expect(blocks.length).toBeLessThanOrEqual(50);
      for (const block of blocks) expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3_000);
    }
  });

  it.each(['chat.postMessage', 'chat.update'])('is not doubled where the answer to %s is lost', async (method) => {
    const shown = { channel: CHANNEL, view: view(), sentences: ['one', 'two'], posted: null };
    const before = method === 'chat.update' ? await messages().show(shown, false) : null;
    slack.trouble(method, { kind: 'lostAnswer' });
    await expect(messages().show({ ...shown, posted: before }, false)).rejects.toThrow(`Slack cannot be reached for ${method}`);
    await messages().show({ ...shown, posted: before }, true);
    expect(slack.messages.filter(({ thread }) => thread === null)).toHaveLength(1);
    expect(texts().filter((text) => text.includes('one'))).toHaveLength(1);
  });

  it('does not tell a sentence twice where the answer to it is lost', async () => {
    const posted = await messages().show({ channel: CHANNEL, view: view(), sentences: [], posted: null }, false);
    slack.trouble('chat.postMessage', { kind: 'lostAnswer' });
    const shown = { channel: CHANNEL, view: view(), sentences: ['one', 'two'], posted };
    await expect(messages().show(shown, false)).rejects.toThrow();
    expect(await messages().show(shown, true)).toMatchObject({ told: 2 });
    expect(texts().filter((text) => text.includes('one'))).toHaveLength(1);
  });

  it('is posted anew, with the whole story, where somebody deleted it', async () => {
    const posted = await messages().show({ channel: CHANNEL, view: view(), sentences: ['one'], posted: null }, false);
    slack.forget(posted.ts);
    const again = await messages().show({ channel: CHANNEL, view: view(), sentences: ['one', 'two'], posted }, false);
    expect(again.ts).not.toBe(posted.ts);
    expect(slack.messages.find(({ thread }) => thread === again.ts)?.text).toBe('one\ntwo');
  });

  it('waits for as long as Slack wants to be left alone', async () => {
    slack.trouble('chat.postMessage', { kind: 'status', status: 429, retryAfter: 7 });
    const failure = await messages()
      .show({ channel: CHANNEL, view: view(), sentences: [], posted: null }, false)
      .catch((error) => error);
    expect(failure).toBeInstanceOf(TryLater);
    expect(failure.afterMs).toBe(7_000);
  });

  it.each([
    [{ kind: 'status', status: 500 }, 'Slack answers chat.postMessage with status 500.'],
    [{ kind: 'error', error: 'not_in_channel' }, 'the app is not in the channel: invite it there (not_in_channel)'],
    [{ kind: 'error', error: 'missing_scope', needed: 'chat:write' }, 'the app lacks a permission: chat:write (missing_scope)'],
    [{ kind: 'error', error: 'invalid_auth' }, 'set PARAMEDIC_SLACK_BOT_TOKEN to one of the app (invalid_auth)'],
    [{ kind: 'error', error: 'msg_too_long' }, 'Slack refuses chat.postMessage: msg_too_long.'],
    [{ kind: 'notJson' }, 'Slack refuses chat.postMessage: <html>a proxy</html>.'],
    [{ kind: 'silence' }, 'Slack cannot be reached for chat.postMessage'],
  ] as const)('says what is wrong where Slack answers with %j, and never its token (safety 34)', async (trouble, sentence) => {
    slack.trouble('chat.postMessage', trouble);
    const failure = await messages()
      .show({ channel: CHANNEL, view: view(), sentences: [], posted: null }, false)
      .catch((error) => error);
    expect(failure.message).toContain(sentence);
    expect(JSON.stringify([failure.message, failure.stack, failure.cause])).not.toContain(BOT_TOKEN);
  });
});
