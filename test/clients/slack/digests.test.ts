import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TryLater } from '../../../clients/failures.ts';
import { slackDigests } from '../../../clients/slack/digests.ts';
import type { Digest } from '../../../incident/digest.ts';
import { BOT_TOKEN, CHANNEL, openSlackDouble, type SlackDouble } from '../../vendors/slack/double.ts';

let slack: SlackDouble;
beforeEach(async () => {
  slack = await openSlackDouble();
});
afterEach(() => slack.close());

const digests = () => slackDigests({ url: slack.url, botToken: BOT_TOKEN, answerMsMax: 500 });
const toMs = Date.parse('2026-11-30T07:00:00Z');
const digest = (change: Partial<Digest> = {}): Digest => ({
  title: 'Paramedic, last week',
  key: 'the key',
  toMs,
  lines: [{ text: 'Relapses: 1.', incidents: [{ name: 'ml/Deployment/ranker', link: 'https://ui.example/1' }] }],
  ...change,
});

describe('a digest in Slack', () => {
  it('is one message, however often the same one is posted', async () => {
    expect(await digests().post(CHANNEL, digest())).toBe('posted');
    expect(await digests().post(CHANNEL, digest({ title: 'the same, counted anew' }))).toBe('stood');
    expect(await digests().post(CHANNEL, digest({ key: 'of another week' }))).toBe('posted');
    expect(slack.messages).toHaveLength(2);
  });

  it('is looked for since before it can have been posted, with its mark', async () => {
    await digests().post(CHANNEL, digest());
    const [looked] = slack.calls.filter(({ method }) => method === 'conversations.history');
    expect(looked?.args).toMatchObject({ channel: CHANNEL, oldest: String(toMs / 1000 - 600), include_all_metadata: 'true' });
    expect(slack.messages[0]?.metadata).toEqual({ event_type: 'paramedic_digest', event_payload: { key: 'the key' } });
  });

  it('is not posted while it cannot be told whether it stands there', async () => {
    slack.trouble('conversations.history', { kind: 'error', error: 'missing_scope', needed: 'channels:history' });
    await expect(digests().post(CHANNEL, digest())).rejects.toThrow(TryLater);
    expect(slack.messages).toEqual([]);
  });

  it('has no mention, no markup and no address but those of incidents (safety 33)', async () => {
    const text = '<!channel> <@U1> *bold* https://evil.example @here\nnext';
    await digests().post(CHANNEL, digest({ title: text, lines: [{ text, incidents: [{ name: text, link: null }] }] }));
    const [message] = slack.messages;
    expect(message?.text).not.toMatch(/<|https:\/\//);
    expect(JSON.stringify(message?.blocks)).not.toMatch(/"type":"(mrkdwn|link|user|broadcast|usergroup)"|https:\/\//);
  });
});
