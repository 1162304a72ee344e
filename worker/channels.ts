import type { Channel } from '../clients/channels/channel.ts';
import { mailChannel } from '../clients/channels/mail.ts';
import { opsgenieChannel } from '../clients/channels/opsgenie.ts';
import { pagerDutyChannel } from '../clients/channels/pager-duty.ts';
import { patient } from '../clients/channels/patient.ts';
import { slackChannel } from '../clients/channels/slack.ts';
import { teamsChannel } from '../clients/channels/teams.ts';
import { webhookChannel } from '../clients/channels/webhook.ts';
import type { ChannelGiven, ChannelsFile } from '../runbooks/channels.ts';
import { readSecretFiles } from './setting-files.ts';
import { CHANNEL_SETTING, type Settings } from './settings.ts';

/** The channels of `channels.yaml` by name, and what keeps the others from being used, a sentence each that names the setting. */
export interface OpenedChannels {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly faults: readonly string[];
  /** Variables for channels that there are not. */
  readonly unknown: readonly string[];
}

/** Brings the channels and their secrets together. Secrets stand in no fault. */
export function openChannels(
  { channels: given }: ChannelsFile,
  environment: NodeJS.ProcessEnv,
  settings: Pick<Settings, 'PARAMEDIC_SLACK_BOT_TOKEN' | 'PARAMEDIC_SLACK_URL'>,
): OpenedChannels {
  const wanting = Object.entries(given).filter(([, channel]) => hasOwnSecret(channel));
  const read = readSecretFiles(
    wanting.map(([name]) => settingOf(name)),
    environment,
  );
  const channels = new Map<string, Channel>();
  const faults = [...read.faults];
  for (const [name, channel] of Object.entries(given)) {
    const setting = channel.kind === 'slack' ? 'PARAMEDIC_SLACK_BOT_TOKEN' : settingOf(name);
    if (read.faults.some((fault) => fault.startsWith(`${setting}_FILE:`))) continue;
    const secret = channel.kind === 'slack' ? settings.PARAMEDIC_SLACK_BOT_TOKEN : read.values[setting] || environment[setting];
    const fault = secret || !needsSecret(channel) ? faultOf(channel, secret ?? '') : `is not set; it must be ${SECRETS[channel.kind]}`;
    if (fault) faults.push(`${setting}: ${fault} (channel "${name}" of channels.yaml)`);
    else channels.set(name, patient(open(channel, secret ?? '', setting, settings.PARAMEDIC_SLACK_URL)));
  }
  const known = new Set(wanting.flatMap(([name]) => [settingOf(name), `${settingOf(name)}_FILE`]));
  const unknown = Object.keys(environment).filter((name) => name.startsWith(CHANNEL_SETTING) && !known.has(name));
  return { channels, faults, unknown };
}

/**
 * The channels, all of them.
 * @throws with every fault when one cannot be used: that nobody can be told is worse to find out later.
 */
export function requireChannels(...given: Parameters<typeof openChannels>): OpenedChannels['channels'] {
  const { channels, faults } = openChannels(...given);
  if (faults.length === 0) return channels;
  throw new Error(`Cannot start: people cannot be told as channels.yaml says.\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}

/** The variable that holds the secret of a channel. */
function settingOf(name: string): string {
  return `${CHANNEL_SETTING}${name.toUpperCase().replaceAll('-', '_')}`;
}

function needsSecret(channel: ChannelGiven): boolean {
  return channel.kind !== 'webhook' || channel.url === undefined;
}

function hasOwnSecret(channel: ChannelGiven): boolean {
  return channel.kind !== 'slack' && needsSecret(channel);
}

/** What the secret of each kind is. */
const SECRETS: Readonly<Record<ChannelGiven['kind'], string>> = {
  slack: "the bot's token of a Slack app, such as xoxb-…",
  pagerDuty: 'the routing key of an integration of the kind Events API v2',
  opsgenie: 'the key of an API integration',
  teams: 'the URL of a workflow that waits for a Teams webhook request',
  webhook: 'a URL that takes JSON by POST',
  mail: 'the URL of a mail server, such as smtps://user:password@mail.example',
};

/** What is wrong with a secret, without a word of it. */
function faultOf({ kind }: ChannelGiven, secret: string): string | null {
  const isOfForm = {
    slack: () => /^\S+$/.test(secret),
    pagerDuty: () => /^[A-Za-z0-9]{32}$/.test(secret),
    opsgenie: () => /^\S+$/.test(secret),
    teams: () => isUrl(secret, ['http:', 'https:']),
    webhook: () => secret === '' || isUrl(secret, ['http:', 'https:']),
    mail: () => isUrl(secret, ['smtp:', 'smtps:']),
  }[kind]();
  return isOfForm ? null : `must be ${SECRETS[kind]}`;
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !protocols.includes(url.protocol) || url.hostname === '') return false;
  // `fetch` takes no login in a URL.
  return protocols.includes('smtp:') || url.username === '';
}

const HOSTS = {
  pagerDuty: { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' },
  opsgenie: { us: 'https://api.opsgenie.com', eu: 'https://api.eu.opsgenie.com' },
} as const;

function open(channel: ChannelGiven, secret: string, setting: string, slackUrl: string): Channel {
  switch (channel.kind) {
    case 'slack':
      return slackChannel({ url: slackUrl, botToken: secret }, channel.channel);
    case 'pagerDuty':
      return pagerDutyChannel({ url: channel.url ?? HOSTS.pagerDuty[channel.region], routingKey: secret, setting });
    case 'opsgenie':
      return opsgenieChannel({
        url: channel.url ?? HOSTS.opsgenie[channel.region],
        apiKey: secret,
        setting,
        responders: channel.responders,
      });
    case 'teams':
      return teamsChannel(secret);
    case 'webhook':
      return webhookChannel(channel.url ?? secret);
    case 'mail':
      return mailChannel({ url: secret, from: channel.from, to: channel.to });
    default:
      return channel satisfies never;
  }
}
