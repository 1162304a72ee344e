import { z } from 'zod';
import { channelName, EscalationChain } from './escalation.ts';

const url = z
  .url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' })
  .refine((text) => !/^https?:\/\/[^/]*@/.test(text), 'must not hold a user name or a password; secrets come from the environment');
const address = z.email('must be a mail address such as oncall@ml.example');
const region = z.enum(['us', 'eu']).default('us').describe('Where the account is.');
const elsewhere = url.optional().describe("Where its API is, in place of the region's address.");

const Responder = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.enum(['team', 'escalation', 'schedule']), name: z.string().min(1).max(300) }),
    z.strictObject({ type: z.literal('user'), username: z.string().min(1).max(300) }),
  ])
  .describe('Whom Opsgenie is to tell.');

/** One channel. What is secret about it is no part of it. */
const Channel = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('slack'),
        channel: z.string().regex(/^[CGD][A-Z0-9]{2,}$/, 'must be the id of a Slack channel, such as C012AB3CD'),
      })
      .describe('A Slack channel, by the bot whose token is PARAMEDIC_SLACK_BOT_TOKEN.'),
    z.strictObject({ kind: z.literal('pagerDuty'), region, url: elsewhere }).describe('PagerDuty; its secret is the routing key.'),
    z
      .strictObject({
        kind: z.literal('opsgenie'),
        region,
        url: elsewhere,
        responders: z.array(Responder).max(50).default([]).describe('None: whom the integration says.'),
      })
      .describe('Opsgenie; its secret is the API key.'),
    z.strictObject({ kind: z.literal('teams') }).describe('Microsoft Teams; its secret is the URL of a workflow.'),
    z
      .strictObject({ kind: z.literal('webhook'), url: url.optional().describe('Where it is no secret; then there is none.') })
      .describe('A receiver of JSON by POST; its secret is its URL.'),
    z
      .strictObject({
        kind: z.literal('mail'),
        from: address,
        to: z.array(address).min(1).max(20),
      })
      .describe('Mail; its secret is the URL of the mail server, smtps://user:password@host.'),
  ])
  .describe('A way to reach people.');

export type ChannelGiven = z.infer<typeof Channel>;

/** The file `channels.yaml` beside the runbooks. */
export const ChannelsFile = z
  .strictObject({
    channels: z.record(channelName, Channel).default({}).describe('Ways to reach people, by name.'),
    escalation: EscalationChain.nullable().default(null).describe('For the runbooks that give none, and for what many targets share.'),
  })
  .describe('Who can be told, and by which way.');

export type ChannelsFile = z.infer<typeof ChannelsFile>;
