import { afterEach, describe, expect, it } from '@jest/globals';
import { opsgenieChannel } from '../../../clients/channels/opsgenie.ts';
import { pagerDutyChannel } from '../../../clients/channels/pager-duty.ts';
import { slackChannel } from '../../../clients/channels/slack.ts';
import { teamsChannel } from '../../../clients/channels/teams.ts';
import { webhookChannel } from '../../../clients/channels/webhook.ts';
import { openVendorServer } from '../http/vendor-server.ts';
import { openOpsgenie, openPagerDuty, openSlack, openTeams, teamsUrl } from './doubles.ts';
import { acknowledged, page, question, reminder, resolved } from './notices.ts';

const KEY = 'hunter2hunter2hunter2hunter2hunt';
const LONG = 'x'.repeat(40_000);
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const double = await opening;
  closing.push(() => double.close());
  return double;
}

describe('PagerDuty', () => {
  async function pagerDuty() {
    const { url, kept } = await opened(openPagerDuty(KEY));
    return { kept, channel: pagerDutyChannel({ url, routingKey: KEY, setting: 'PARAMEDIC_CHANNEL_ONCALL' }) };
  }

  it('has one alert for each incident, however often it is told, and pages once (safety 31)', async () => {
    const { kept, channel } = await pagerDuty();
    for (const notice of [page(), page(), reminder]) await channel.say(notice, null);
    expect([...kept.values()].map(({ status, pages }) => ({ status, pages }))).toEqual([{ status: 'open', pages: 1 }]);
    expect([...kept.keys()]).toEqual([page().key]);
  });

  it('is told who has it, and when it is over', async () => {
    const { kept, channel } = await pagerDuty();
    await channel.say(page(), null);
    await channel.say(acknowledged, null);
    expect([...kept.values()][0]?.status).toBe('acknowledged');
    await channel.say(resolved, null);
    expect([...kept.values()][0]?.status).toBe('closed');
  });

  it('is given the severity, the reason in one line, and the whole page', async () => {
    const { kept, channel } = await pagerDuty();
    await channel.say(page({}, { severity: 'critical' } as never), null);
    expect(JSON.parse([...kept.values()][0]!.texts[0]!)).toEqual({
      summary: 'ml/Deployment/ranker in cluster eu: no remedy is left.',
      source: 'outage/eu/ml/Deployment/ranker',
      severity: 'critical',
      custom_details: { incident: 'outage/eu/ml/Deployment/ranker', details: expect.stringContaining('What to do next\n  Add nodes.') },
    });
  });

  it('takes what is longer than it allows, cut, and keeps incidents of long names apart', async () => {
    const { kept, channel } = await pagerDuty();
    await channel.say(page({ reason: LONG }, { subject: LONG, key: `a${LONG}` }), null);
    await channel.say(page({}, { key: `b${LONG}` }), null);
    expect(kept.size).toBe(2);
  });
});

describe('Opsgenie', () => {
  async function opsgenie() {
    const { url, kept } = await opened(openOpsgenie(KEY));
    const responders = [{ type: 'team' as const, name: 'ml' }];
    return { kept, channel: opsgenieChannel({ url, apiKey: KEY, setting: 'PARAMEDIC_CHANNEL_ONCALL', responders }) };
  }

  it('has one alert for each incident, is told who has it, and when it is over (safety 31)', async () => {
    const { kept, channel } = await opsgenie();
    for (const notice of [page(), page(), reminder]) await channel.say(notice, null);
    expect([...kept.values()].map(({ status, pages }) => ({ status, pages }))).toEqual([{ status: 'open', pages: 1 }]);
    await channel.say(acknowledged, null);
    expect([...kept.values()][0]?.status).toBe('acknowledged');
    await channel.say(resolved, null);
    expect([...kept.values()][0]?.status).toBe('closed');
  });

  it('is given priority, responders and the whole page, of which nothing can be HTML (safety 33)', async () => {
    const { kept, channel } = await opsgenie();
    await channel.say(page({ nextStep: 'See <a href="https://evil.example">this</a> & that.' }), null);
    expect(JSON.parse([...kept.values()][0]!.texts[0]!)).toMatchObject({
      message: 'ml/Deployment/ranker in cluster eu: no remedy is left.',
      priority: 'P2',
      responders: [{ type: 'team', name: 'ml' }],
      description: expect.stringContaining('See ‹a href="https[:]//evil.example"›this‹/a› ＆ that.'),
    });
  });

  it('takes what is longer than it allows, cut', async () => {
    const { kept, channel } = await opsgenie();
    await channel.say(page({ reason: LONG, incident: LONG }, { subject: LONG, key: LONG, incident: LONG }), null);
    expect(kept.size).toBe(1);
  });
});

describe('Slack', () => {
  async function slack() {
    const { url, kept } = await opened(openSlack(KEY, 'C012AB3CD'));
    return { kept, channel: slackChannel({ url: `${url}/`, botToken: KEY }, 'C012AB3CD') };
  }

  it('has one message for each incident, and the rest in its thread, a reminder in the channel too', async () => {
    const { kept, channel } = await slack();
    const thread = await channel.say(page(), null);
    for (const notice of [reminder, acknowledged, resolved]) expect(await channel.say(notice, thread)).toBe(thread);
    expect(kept.map((one) => one.thread)).toEqual([null, thread, thread, thread]);
    expect(kept.map((one) => one.isBroadcast)).toEqual([false, true, false, false]);
    expect(kept.map((one) => one.text)).toEqual(
      ['', 'Reminder: ', 'Acknowledged: ', 'Over: '].map((begins) => `${begins}ml/Deployment/ranker in cluster eu: no remedy is left.`),
    );
  });

  it('shows a question with the plan, what would follow, and how to answer', async () => {
    const { kept, channel } = await slack();
    await channel.say(question, null);
    const text = kept[0]!.blocks.map((block) => block.text.text).join('\n');
    for (const part of [
      'undoRelease: revision 2 → revision 1',
      '+ revision 1',
      'Every pod is made anew.',
      '2026-01-01T00:30:00Z',
      'paramedic approve',
    ])
      expect(text).toContain(part);
  });

  it('mentions nobody, and makes neither link nor markup of what it is given (safety 33)', async () => {
    const { kept, channel } = await slack();
    const hostile = '<!channel> <@U012AB3CD> @here <https://evil.example|click> *bold* :fire: www.evil.example \u202eabc & co';
    await channel.say(page({ reason: hostile }, { subject: hostile }), null);
    const [{ text, blocks, form }] = kept as [(typeof kept)[0]];
    expect(text).toBe(
      '&lt;!channel&gt; &lt;@U012AB3CD&gt; @here &lt;https[:]//evil.example|click&gt; *bold* :fire: www[.]evil.example abc &amp; co',
    );
    expect(form).toMatchObject({ parse: 'none', link_names: 'false', mrkdwn: 'false', unfurl_links: 'false', unfurl_media: 'false' });
    expect(new Set(blocks.map((block) => `${block.text.type} ${block.text.emoji}`))).toEqual(new Set(['plain_text false']));
    expect(JSON.stringify(blocks)).not.toContain('://');
  });

  it('takes what is longer than it allows, cut', async () => {
    const { kept, channel } = await slack();
    await channel.say(page({ reason: LONG, briefing: Array(500).fill('y'.repeat(500)) }, { subject: LONG }), null);
    expect(kept[0]!.blocks).toHaveLength(11);
    expect(kept[0]!.blocks.at(-1)?.text.text).toBe('… The rest is on the page of the incident.');
  });
});

describe('Microsoft Teams', () => {
  async function teams() {
    const { url, kept } = await opened(openTeams(KEY));
    return { kept, channel: teamsChannel(teamsUrl(url, KEY)) };
  }

  it('shows a card for each notice', async () => {
    const { kept, channel } = await teams();
    for (const notice of [page(), reminder, acknowledged, resolved]) expect(await channel.say(notice, null)).toBeNull();
    expect(kept.map(({ runs }) => runs[0])).toEqual(
      ['', 'Reminder: ', 'Acknowledged: ', 'Over: '].map((begins) => `${begins}ml/Deployment/ranker in cluster eu: no remedy is left.`),
    );
    expect(kept[0]?.runs).toContain('  Add nodes.');
  });

  it('is given runs of text alone, of which Teams makes no link, mention or markup (safety 33)', async () => {
    const { kept, channel } = await teams();
    await channel.say(page({ reason: '[click](https://evil.example) <at>ann</at>' }), null);
    expect(new Set(kept[0]?.types)).toEqual(new Set(['RichTextBlock']));
    expect(kept[0]?.runs).toContain('  [click](https[:]//evil.example) <at>ann</at>');
  });

  it('takes what is larger than it allows, cut', async () => {
    const { kept, channel } = await teams();
    await channel.say(page({ reason: LONG, briefing: Array(500).fill('ü'.repeat(500)) }, { subject: LONG }), null);
    expect(kept[0]?.runs.at(-1)).toBe('… The rest is on the page of the incident.');
  });
});

describe('a webhook', () => {
  it('is sent what is known as JSON, each notice under a key by which a repetition is known (safety 31)', async () => {
    const server = await opened(openVendorServer());
    const channel = webhookChannel(`${server.url}/hooks/${KEY}`);
    for (const notice of [page(), reminder, question]) await channel.say(notice, null);
    const [first, second, third] = server.got.map(({ headers, body }) => ({ key: headers['idempotency-key'], body: JSON.parse(body) }));
    expect([first?.key, second?.key, third?.key]).toEqual([
      'outage/eu/ml/Deployment/ranker/7c1d/page',
      'outage/eu/ml/Deployment/ranker/7c1d/reminder-1',
      'outage/eu/ml/Deployment/ranker/7c1d/1a2b3c4d/question',
    ]);
    expect(first?.body).toMatchObject({
      kind: 'page',
      severity: 'error',
      escalation: { nextStep: 'Add nodes.' },
      headline: page().subject,
    });
    expect(second?.body).toEqual({
      kind: 'reminder',
      key: page().key,
      incident: page().incident,
      severity: 'error',
      headline: `Reminder: ${page().subject}`,
      text: `Nobody has acknowledged it for 900 s.\n\nIncident ${page().incident}`,
    });
    expect(third?.body.request.proposal.id).toBe('1a2b3c4d');
  });
});
