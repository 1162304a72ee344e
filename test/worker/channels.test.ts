import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChannelGiven, ChannelsFile } from '../../runbooks/channels.ts';
import { openChannels } from '../../worker/channels.ts';
import { readSettings, unknownVariables } from '../../worker/settings.ts';

const ROUTING_KEY = 'hunter2hunter2hunter2hunter2hunt';
const all: Readonly<Record<string, object>> = {
  'ml-oncall': { kind: 'pagerDuty' },
  lead: { kind: 'opsgenie', region: 'eu' },
  room: { kind: 'teams' },
  hook: { kind: 'webhook' },
  open: { kind: 'webhook', url: 'https://tickets.example/new' },
  post: { kind: 'mail', from: 'a@ml.example', to: ['b@ml.example'] },
  chat: { kind: 'slack', channel: 'C012AB3CD' },
};
const secrets = {
  PARAMEDIC_CHANNEL_ML_ONCALL: ROUTING_KEY,
  PARAMEDIC_CHANNEL_LEAD: 'hunter2-hunter2',
  PARAMEDIC_CHANNEL_ROOM: 'https://prod.example/workflows/hunter2?sig=hunter2',
  PARAMEDIC_CHANNEL_HOOK: 'https://people.example/hunter2',
  PARAMEDIC_CHANNEL_POST: 'smtps://ann:hunter2@mail.example',
  PARAMEDIC_SLACK_BOT_TOKEN: 'xoxb-hunter2hunter2',
};

const open = (channels: Readonly<Record<string, object>>, environment: NodeJS.ProcessEnv) =>
  openChannels(
    ChannelsFile.parse({ channels }),
    environment,
    readSettings({ PARAMEDIC_SLACK_BOT_TOKEN: environment.PARAMEDIC_SLACK_BOT_TOKEN }),
  );

describe('the channels of channels.yaml', () => {
  it('are opened, each with the secret that the environment has under its name', () => {
    const { channels, faults, unknown } = open(all, secrets);
    expect([faults, unknown]).toEqual([[], []]);
    expect([...channels].map(([name, { kind }]) => `${name}: ${kind}`)).toEqual(
      Object.entries(all).map(([name, one]) => `${name}: ${(one as ChannelGiven).kind}`),
    );
  });

  it('are told all at once where a secret is missing, by the variable that must hold it', () => {
    const { channels, faults } = open(all, {});
    expect([...channels.keys()]).toEqual(['open']);
    expect(faults).toEqual([
      'PARAMEDIC_CHANNEL_ML_ONCALL: is not set; it must be the routing key of an integration of the kind Events API v2 (channel "ml-oncall" of channels.yaml)',
      'PARAMEDIC_CHANNEL_LEAD: is not set; it must be the key of an API integration (channel "lead" of channels.yaml)',
      'PARAMEDIC_CHANNEL_ROOM: is not set; it must be the URL of a workflow that waits for a Teams webhook request (channel "room" of channels.yaml)',
      'PARAMEDIC_CHANNEL_HOOK: is not set; it must be a URL that takes JSON by POST (channel "hook" of channels.yaml)',
      'PARAMEDIC_CHANNEL_POST: is not set; it must be the URL of a mail server, such as smtps://user:password@mail.example (channel "post" of channels.yaml)',
      'PARAMEDIC_SLACK_BOT_TOKEN: is not set; it must be the bot\'s token of a Slack app, such as xoxb-… (channel "chat" of channels.yaml)',
    ]);
  });

  it.each([
    ['ml-oncall', 'hunter2'],
    ['lead', 'hunter2 hunter2'],
    ['room', 'hunter2'],
    ['hook', 'https://ann:hunter2@people.example/'],
    ['hook', 'ftp://people.example/hunter2'],
    ['post', 'https://mail.example/hunter2'],
  ])('have a fault that tells nothing of the secret, where that cannot be one: %s', (name, secret) => {
    const setting = `PARAMEDIC_CHANNEL_${name.toUpperCase().replaceAll('-', '_')}`;
    const { channels, faults } = open({ [name]: all[name]! }, { [setting]: secret });
    expect([...channels.keys()]).toEqual([]);
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${setting}: must be `))]);
    expect(faults.join()).not.toMatch(/hunter2(?!\S*mail\.example\))/);
  });

  it('tell of a variable that is for none of them, and the settings do not', () => {
    const environment = { PARAMEDIC_CHANNEL_ONCALL: 'hunter2', PARAMEDIC_CHANNEL_OPEN: 'hunter2' };
    expect(open({ open: all.open! }, environment).unknown).toEqual(['PARAMEDIC_CHANNEL_ONCALL', 'PARAMEDIC_CHANNEL_OPEN']);
    expect(unknownVariables(environment)).toEqual([]);
  });

  describe('with a secret in a file', () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'paramedic-channel-secrets-'));
      writeFileSync(join(folder, 'key'), `${ROUTING_KEY}\n`);
    });
    afterAll(() => rmSync(folder, { recursive: true }));
    const oncall = { 'ml-oncall': all['ml-oncall']! };

    it('are opened with it', () => {
      const { channels, faults, unknown } = open(oncall, { PARAMEDIC_CHANNEL_ML_ONCALL_FILE: join(folder, 'key') });
      expect([[...channels.keys()], faults, unknown]).toEqual([['ml-oncall'], [], []]);
    });

    it('have one fault where the file is not there', () => {
      const { faults } = open(oncall, { PARAMEDIC_CHANNEL_ML_ONCALL_FILE: join(folder, 'gone') });
      expect(faults).toEqual([`PARAMEDIC_CHANNEL_ML_ONCALL_FILE: cannot read the file ${folder}/gone: it does not exist`]);
    });
  });
});
