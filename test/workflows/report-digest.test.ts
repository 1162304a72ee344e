import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { slackDigests } from '../../clients/slack/digests.ts';
import { digestSchedules, digestStart } from '../../worker/digest-schedule.ts';
import { histories } from '../../worker/histories/histories.ts';
import { runParamedic } from '../cli/run-paramedic.ts';
import { evidence, readyPod, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { BOT_TOKEN, openSlackDouble, type SlackDouble } from '../vendors/slack/double.ts';
import { runbook, runIncident, type Stage, setTheStage } from './incident-run.ts';

const MONDAYS = { every: 'week', hour: 8, minute: 30, zone: 'Europe/Berlin' } as const;

let slack: SlackDouble;
let stage: Stage;
let channels = 0;
let channel: string;

beforeAll(async () => {
  slack = await openSlackDouble();
  const digests = slackDigests({ url: slack.url, botToken: BOT_TOKEN });
  const linkTo = (id: string, run: string) => `https://temporal.example/${id}/${run}`;
  stage = await setTheStage({ digesting: (client) => ({ histories: histories(client), digests, linkTo }) });
  const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
  const healthy = evidence({ pods: [readyPod('ranker-0')] });
  await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]));
  await runIncident(stage, runbook('podCrash', { mode: 'approve' }), scriptedCluster([badRelease]), undefined, undefined, 'reject');
}, 3_600_000);

afterAll(async () => {
  await stage?.leave();
  await slack?.close();
});

beforeEach(() => {
  channel = `C0DIGEST${++channels}`;
});

const posted = () => slack.messages.filter((one) => one.channel === channel);

const digest = (...args: readonly string[]) => runParamedic(['report', 'digest', ...args], stage.settings);

/** Begins a digest as a schedule or the command line does. */
function begin() {
  const { workflowType, ...start } = digestStart({ channel, cluster: null, days: 7 });
  return stage.environment.client.workflow.start(workflowType, { ...start, workflowId: `report-digest/${channel}` });
}

describe('a digest of the report', () => {
  it('tells a channel how the last days went, with links to those that a person was needed in', async () => {
    expect(await (await begin()).result()).toBe('posted');
    const [message] = posted();
    const text = JSON.stringify(message!.blocks);
    expect(message!.text).toMatch(/^Paramedic, .* UTC to .* UTC$/);
    expect(text).toContain('Incidents: 2 opened, 2 ended, 0 open.');
    expect(text).toContain('Healed without a person: 50 % (1 of 2)');
    expect(text).toContain('A person was needed or asked in 1.');
    expect(text).toMatch(/"type":"link","url":"https:\/\/temporal\.example\//);
  });

  it('is posted once where the answer to the post is lost, and it is tried again', async () => {
    slack.trouble('chat.postMessage', { kind: 'lostAnswer' });
    expect(await (await begin()).result()).toBe('stood');
    expect(posted()).toHaveLength(1);
  });

  it('is posted after all where Slack is away, or wants to be left alone', async () => {
    slack.trouble('conversations.history', { kind: 'status', status: 503 });
    slack.trouble('chat.postMessage', { kind: 'status', status: 429, retryAfter: 1 });
    expect(await (await begin()).result()).toBe('posted');
    expect(posted()).toHaveLength(1);
  });

  it('is read in the Web UI as well', async () => {
    const handle = await begin();
    await handle.result();
    const details = await handle.query<string>('__temporal_workflow_metadata').then((metadata) => JSON.stringify(metadata));
    expect(details).toContain('Incidents: 2 opened');
  });
});

describe('the schedule of a digest', () => {
  const schedules = () => digestSchedules(stage.environment.client);

  it('is one for each channel: said again it is changed, and it can be ended once', async () => {
    expect(await schedules().set({ channel, cluster: null }, MONDAYS)).toBe('made');
    expect(await schedules().set({ channel, cluster: 'prod-eu' }, { ...MONDAYS, every: 'day' })).toBe('changed');
    const { action, spec } = await stage.environment.client.schedule.getHandle(`report-digest/${channel}`).describe();
    expect(action).toMatchObject({ workflowType: 'reportDigest', args: [{ channel, cluster: 'prod-eu', days: 1 }] });
    expect(spec).toMatchObject({ timezone: 'Europe/Berlin', calendars: [{ hour: [{ start: 8 }], minute: [{ start: 30 }] }] });
    expect(await schedules().end(channel)).toBe(true);
    expect(await schedules().end(channel)).toBe(false);
  });

  it('posts on Mondays at the time on the wall, of the seven days until it was due', async () => {
    await schedules().set({ channel, cluster: null }, MONDAYS);
    const handle = stage.environment.client.schedule.getHandle(`report-digest/${channel}`);
    const { info } = await handle.describe();
    const [next] = info.nextActionTimes;
    const wall = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', weekday: 'long', hour: '2-digit', minute: '2-digit' });
    expect(wall.format(next)).toBe('Monday 08:30');
    await handle.trigger();
    await until('the digest is posted', async () => posted().length === 1);
    const [, from, to] = /Paramedic, (.*) UTC to (.*) UTC/.exec(posted()[0]!.text)!;
    expect(Date.parse(`${to}Z`) - Date.parse(`${from}Z`)).toBe(7 * 86_400_000);
    await handle.delete();
  });

  it('is made, listed, tried and ended on the command line', async () => {
    const made = await digest('--channel', channel, '--every', 'week', '--at', '07:15', '--zone', 'America/New_York');
    expect(made).toMatchObject({ code: 0, err: '', out: expect.stringMatching(`^A digest for ${channel} every week: made\\. Next: `) });
    await until('it is listed', async () => (await digest('--channel', channel)).out.startsWith(`${channel}: next 20`));
    expect(await digest('--channel', channel, '--now')).toMatchObject({ code: 0, out: `Posted in ${channel}.\n` });
    expect(posted()).toHaveLength(1);
    expect(JSON.parse((await digest('--channel', channel, '--off', '--json')).out)).toEqual({ channel, ended: true });
    expect((await digest('--channel', channel, '--off')).out).toBe(`There was no digest for ${channel}.\n`);
  });

  it('is refused with what would be right', async () => {
    expect((await digest('--channel', 'general')).err).toContain('It must be the id of a channel, such as C012AB3CD');
    expect((await digest('--channel', channel, '--every', 'week', '--at', '25:00')).err).toContain('It must be a time of the day');
    expect((await digest('--channel', channel, '--every', 'week', '--zone', 'Mars')).err).toContain('It must be the name of a time zone');
    expect(await digest('--now')).toMatchObject({ code: 1, err: expect.stringContaining('Cannot tell which channel is meant') });
  });
});
