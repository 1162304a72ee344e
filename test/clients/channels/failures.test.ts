import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Channel } from '../../../clients/channels/channel.ts';
import { opsgenieChannel } from '../../../clients/channels/opsgenie.ts';
import { pagerDutyChannel } from '../../../clients/channels/pager-duty.ts';
import { slackChannel } from '../../../clients/channels/slack.ts';
import { teamsChannel } from '../../../clients/channels/teams.ts';
import { webhookChannel } from '../../../clients/channels/webhook.ts';
import { Refused, TryLater } from '../../../clients/failures.ts';
import { openVendorServer, type VendorServer } from '../http/vendor-server.ts';
import { acknowledged, page, reminder, resolved } from './notices.ts';

/** Of no form by which a secret is known. */
const SECRET = 'hunter2hunter2hunter2hunter2hunt';
/** Slack's are known by their form, whoever repeats them. */
const TOKEN = `xoxb-${SECRET}`;
const SOON_MS = 200;

let server: VendorServer;
beforeEach(async () => {
  server = await openVendorServer();
});
afterEach(() => server.close());

const CHANNELS: Readonly<Record<string, (url: string, answerMsMax?: number) => Channel>> = {
  pagerDuty: (url, answerMsMax = 15_000) => pagerDutyChannel({ url, routingKey: SECRET, setting: 'PARAMEDIC_CHANNEL_ONCALL', answerMsMax }),
  opsgenie: (url, answerMsMax = 15_000) =>
    opsgenieChannel({ url, apiKey: SECRET, setting: 'PARAMEDIC_CHANNEL_ONCALL', responders: [], answerMsMax }),
  slack: (url, answerMsMax = 15_000) => slackChannel({ url: `${url}/`, botToken: TOKEN, answerMsMax }, 'C012AB3CD'),
  teams: (url, answerMsMax) => teamsChannel(`${url}/workflows/${SECRET}?sig=${SECRET}`, answerMsMax),
  webhook: (url, answerMsMax) => webhookChannel(`${url}/hooks/${SECRET}?token=${SECRET}`, answerMsMax),
};
const names = Object.keys(CHANNELS);

/** Every word of a failure. */
async function failure(channel: Channel): Promise<{ error: Error; words: string }> {
  const error = await channel.say(page(), null).then(
    () => Promise.reject(new Error('It was taken.')),
    (one: Error) => one,
  );
  const words = [error, error.cause].map((one) => `${one} ${JSON.stringify(one)} ${(one as Error | undefined)?.stack}`).join();
  return { error, words };
}

describe.each(names)('%s', (name) => {
  const secret = name === 'slack' ? TOKEN : SECRET;
  const channel = (url = server.url, answerMsMax?: number) => CHANNELS[name]!(url, answerMsMax);

  it('that is away, slow, or sends what it gets elsewhere may take it later, and no secret is told (safety 31, 34)', async () => {
    const away = await failure(channel('http://127.0.0.1:1'));
    server.answer({ silent: true });
    const slow = await failure(channel(server.url, SOON_MS));
    server.answer({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
    const moved = await failure(channel());
    for (const { error, words } of [away, slow, moved]) {
      expect(error).not.toBeInstanceOf(Refused);
      expect(error.message).toMatch(/127\.0\.0\.1|Slack cannot be reached/);
      expect(words).not.toContain(SECRET);
    }
    expect(slow.error.message).toMatch(/did not answer|timeout/i);
    expect(server.got).toHaveLength(2);
  });

  it('that asks to wait is left alone for so long (safety 31)', async () => {
    server.answer({ status: 429, headers: { 'retry-after': '7' }, body: secret });
    const { error, words } = await failure(channel());
    expect(error).toBeInstanceOf(TryLater);
    expect((error as TryLater).afterMs).toBe(7_000);
    expect(words).not.toContain(SECRET);
    server.answer({ status: 429, body: secret });
    expect((await failure(channel())).error).not.toBeInstanceOf(Refused);
  });

  it.each([500, 502])('that fails inside (%i) may take it later, and repeats no secret (safety 31, 34)', async (status) => {
    server.answer({ status, body: `<html>Bad gateway ${secret}</html>` });
    const { error, words } = await failure(channel());
    expect(error).not.toBeInstanceOf(Refused);
    expect(error.message).toContain(String(status));
    expect(words).not.toContain(SECRET);
  });

  it.each([400, 401, 403, 404, 413, 422])(
    'that refuses it (%i) says so in a sentence, and repeats no secret (safety 34)',
    async (status) => {
      server.answer({ status, body: JSON.stringify({ message: `bad ${secret}`, errors: [secret], error: secret }) });
      const { error, words } = await failure(channel());
      expect(error.message).toContain(String(status));
      expect(words).not.toContain(SECRET);
    },
  );

  it('repeats no part of a secret either, wherever its words are cut (safety 34)', async () => {
    server.answer({ status: 500, body: `${'x'.repeat(190)}${secret}` }, { status: 500, body: `${'x'.repeat(290)}${secret}` });
    for (const { words } of [await failure(channel()), await failure(channel())]) expect(words).not.toContain('hunter');
  });

  it('is never asked twice by itself', async () => {
    server.answer({ status: 500 });
    await failure(channel());
    expect(server.got).toHaveLength(1);
  });
});

describe('a channel that answers what makes no sense', () => {
  it.each(['pagerDuty', 'opsgenie', 'slack'])('has not taken it: %s, behind a login', async (name) => {
    server.answer({ status: 200, body: `<html>Log in, ${name === 'slack' ? TOKEN : SECRET}</html>` });
    const { error, words } = await failure(CHANNELS[name]!(server.url));
    expect(error.message).toMatch(/no JSON; a proxy before it may ask for a login|Slack refuses/);
    expect(words).not.toContain(SECRET);
  });

  it('has not taken it: Slack, that says so itself', async () => {
    server.answer({ body: '{"ok":false,"error":"channel_not_found"}' });
    expect((await failure(CHANNELS.slack!(server.url))).error.message).toContain('invite it there');
  });
});

it('Opsgenie says in a header of its own how long to wait', async () => {
  server.answer({ status: 429, headers: { 'x-ratelimit-period-in-sec': '60' }, body: '{"message":"TooManyRequests"}' });
  expect((await failure(CHANNELS.opsgenie!(server.url))).error).toMatchObject({ afterMs: 60_000 });
});

it('no notice carries a secret of its channel, but where the vendor wants it (safety 34)', async () => {
  for (const name of names) {
    server.answer({ body: '{"ok":true,"ts":"1"}' });
    server.got.length = 0;
    const channel = CHANNELS[name]!(server.url);
    for (const notice of [page(), reminder, acknowledged, resolved]) await channel.say(notice, null);
    const sent = server.got.map(({ body }) => body.replace(`"routing_key":"${SECRET}"`, '')).join();
    expect([name, sent.includes(SECRET)]).toEqual([name, false]);
  }
});
