import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ChannelsFile } from '../../runbooks/channels.ts';
import { faultText } from '../../runbooks/fault.ts';
import { loadRunbooks, parseChannels, parseRunbook } from '../../runbooks/load.ts';

const faultsOf = (text: string) => parseChannels('channels.yaml', text).faults.map(faultText);
const runbook = (more = '') => `name: a\nfailureType: podCrash\nmatch: { alerts: [A] }\nremedies: [restart]\n${more}`;
const chain = (text: string) => parseRunbook('a.yaml', runbook(`escalation: ${text}\n`));

describe('channels.yaml', () => {
  it('names ways to reach people, with none of their secrets', () => {
    const text = `channels:
  ml-oncall: { kind: pagerDuty, region: eu }
  ml-slack: { kind: slack, channel: C012AB3CD }
  lead: { kind: opsgenie, responders: [{ type: team, name: ml }, { type: user, username: lead@ml.example }] }
  room: { kind: teams }
  own: { kind: webhook, url: 'https://tickets.example/new' }
  post: { kind: mail, from: paramedic@ml.example, to: [oncall@ml.example] }
`;
    const { channels, faults } = parseChannels('channels.yaml', text);
    expect(faults).toEqual([]);
    expect(channels.channels['ml-oncall']).toEqual({ kind: 'pagerDuty', region: 'eu' });
    expect(channels.channels.lead).toMatchObject({ kind: 'opsgenie', region: 'us' });
  });

  it('may say nothing, also where everything in it is commented out', () => {
    for (const text of ['', '# channels:\n', 'channels: {}\n'])
      expect(parseChannels('channels.yaml', text)).toMatchObject({ channels: { channels: {}, escalation: null }, faults: [] });
  });

  it.each([
    [
      'a name that no variable can have',
      'channels:\n  ML_Oncall: { kind: teams }\n',
      '2:14 channels.ML_Oncall: must be lower-case letters, digits and hyphens, such as ml-oncall',
    ],
    ['a name that would be taken for a file', 'channels:\n  ml-file: { kind: teams }\n', '2:12 channels.ml-file: must not end with -file'],
    [
      'the name of a Slack channel',
      "channels:\n  a: { kind: slack, channel: '#ml' }\n",
      '2:30 channels.a.channel: must be the id of a Slack channel, such as C012AB3CD',
    ],
    [
      'a secret in it',
      'channels:\n  a: { kind: pagerDuty, routingKey: x }\n',
      '2:37 channels.a.routingKey: Unrecognized key: "routingKey"',
    ],
    [
      'a login in a URL',
      'channels:\n  a: { kind: webhook, url: https://a:b@c }\n',
      '2:28 channels.a.url: must not hold a user name or a password; secrets come from the environment',
    ],
    [
      'nobody to write to',
      'channels:\n  a: { kind: mail, from: a@b.example, to: [] }\n',
      '2:43 channels.a.to: Too small: expected array to have >=1 items',
    ],
    [
      'more than an address',
      "channels:\n  a: { kind: mail, from: a@b.example, to: ['x@y.example, z@y.example'] }\n",
      '2:44 channels.a.to.0: must be a mail address such as oncall@ml.example',
    ],
  ])('has a fault, with its place, for %s', (_what, text, fault) => {
    expect(faultsOf(text)).toEqual([`channels.yaml:${fault}`]);
  });

  it('tells an editor what each field means', () => {
    const schema = JSON.stringify(z.toJSONSchema(ChannelsFile, { io: 'input' }));
    for (const words of ['PARAMEDIC_SLACK_BOT_TOKEN', 'its secret is the routing key', 'For the runbooks that give none'])
      expect(schema).toContain(words);
  });
});

describe('a chain of escalation', () => {
  it('waits half an hour before it reminds, six times, and knows no quiet hours, where it says nothing else', () => {
    const { runbooks } = chain('{ levels: [{ channels: [a] }] }');
    expect(runbooks[0]?.escalation).toEqual({
      severity: 'error',
      levels: [{ afterSeconds: 0, channels: ['a'] }],
      remindEverySeconds: 1_800,
      remindersMax: 6,
      quietHours: null,
    });
  });

  it('lets everything but what is critical wait in quiet hours, every day, where these say no more than when', () => {
    const { runbooks } = chain("{ levels: [{ channels: [a] }], quietHours: { from: '22:00', to: '07:00', timezone: Europe/Berlin } }");
    expect(runbooks[0]?.escalation?.quietHours).toMatchObject({
      below: 'critical',
      days: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
    });
  });

  it.each([
    ['{ levels: [] }', '5:23 escalation.levels: Too small: expected array to have >=1 items'],
    ['{ levels: [{ channels: [a, a] }] }', '5:36 escalation.levels.0.channels: names a channel twice'],
    [
      '{ levels: [{ channels: [a] }, { channels: [b], afterSeconds: 0 }] }',
      '5:74 escalation.levels.1.afterSeconds: must be more than 0, that of the level before',
    ],
    [
      '{ levels: [{ channels: [a] }, { channels: [b] }] }',
      '5:43 escalation.levels.1.afterSeconds: must be more than 0, that of the level before',
    ],
    [
      "{ levels: [{ channels: [a] }], quietHours: { from: '22:00', to: '24:00', timezone: UTC } }",
      '5:77 escalation.quietHours.to: must be a time of day such as 22:30',
    ],
    [
      "{ levels: [{ channels: [a] }], quietHours: { from: '22:00', to: '22:00', timezone: UTC } }",
      '5:56 escalation.quietHours: must end at some time',
    ],
    ['{ levels: [{ channels: [a] }], remindEverySeconds: 1 }', '5:64 escalation.remindEverySeconds: Too small: expected number to be >=60'],
  ])('has a fault, with its place: %s', (text, fault) => {
    expect(chain(text).faults.map(faultText)).toEqual([`a.yaml:${fault}`]);
  });
});

describe('the examples', () => {
  const root = join(import.meta.dirname, '..', '..');
  const yaml = [...readFileSync(join(root, 'docs', 'escalation.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);

  it('of docs/escalation.md have no fault', () => {
    expect(faultsOf(yaml[0]!)).toEqual([]);
    expect(parseRunbook('a.yaml', runbook(yaml[1])).faults.map(faultText)).toEqual([]);
  });

  it('of the shipped channels.yaml have no fault once they are no comments any more', () => {
    const shipped = readFileSync(join(root, 'runbooks', 'channels.yaml'), 'utf8');
    const { channels, faults } = parseChannels('channels.yaml', shipped.replace(/^# (?=(channels:|escalation:| ))/gm, ''));
    expect(faults.map(faultText)).toEqual([]);
    expect([Object.keys(channels.channels).length, channels.escalation?.levels.length]).toEqual([6, 2]);
    expect(parseChannels('channels.yaml', shipped)).toMatchObject({ channels: { channels: {}, escalation: null }, faults: [] });
  });
});

describe('channels.yaml beside the runbooks', () => {
  let folder: string;
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const load = () => loadRunbooks(folder);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'paramedic-channels-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is no runbook, and its chain is that of the runbooks that give none', () => {
    write('a.yaml', runbook());
    write('b.yaml', runbook('escalation: { levels: [{ channels: [lead] }] }').replace('name: a', 'name: b').replace('[A]', '[B]'));
    write('channels.yaml', 'channels: { room: { kind: teams }, lead: { kind: teams } }\nescalation: { levels: [{ channels: [room] }] }\n');
    const { runbooks, faults } = load();
    expect(faults).toEqual([]);
    expect(runbooks.map(({ escalation }) => escalation?.levels[0]?.channels)).toEqual([['room'], ['lead']]);
  });

  it('must have every channel that a chain names', () => {
    write('a.yaml', runbook('escalation:\n  levels:\n    - channels: [room, ml-oncal]\n'));
    write(
      'channels.yaml',
      'channels: { room: { kind: teams }, ml-oncall: { kind: teams } }\nescalation: { levels: [{ channels: [rooom] }] }\n',
    );
    expect(load().faults.map(faultText)).toEqual([
      `${folder}/a.yaml:7:24 escalation.levels.0.channels.1: "ml-oncal" is no channel of channels.yaml; it has room, ml-oncall`,
      `${folder}/channels.yaml:2:37 escalation.levels.0.channels.0: "rooom" is no channel of channels.yaml; it has room, ml-oncall`,
    ]);
  });

  it('is missed where a runbook names a channel', () => {
    write('a.yaml', runbook('escalation: { levels: [{ channels: [room] }] }\n'));
    expect(load().faults.map(faultText)).toEqual([
      `${folder}/a.yaml:5:37 escalation.levels.0.channels.0: "room" is no channel of channels.yaml; it has none`,
    ]);
  });

  it('is told of where it is faulty, and then no channel is called unknown', () => {
    write('a.yaml', runbook('escalation: { levels: [{ channels: [room] }] }\n'));
    write('channels.yaml', 'channels: { room: { kind: team } }\n');
    expect(load().faults.map(faultText)).toEqual([expect.stringMatching(/channels\.yaml:1:27 channels\.room\.kind: /)]);
  });

  it('must be one file, since of two nobody could say which holds', () => {
    write('a.yaml', runbook());
    for (const name of ['channels.yaml', 'channels.yml']) write(name, '');
    expect(load().faults.map(faultText)).toEqual([
      `${folder}/channels.yml:1:1 channels are in ${folder}/channels.yaml already; only one file may give them`,
    ]);
  });
});
