import { z } from 'zod';

const names = z
  .array(
    z
      .string()
      .min(1)
      .max(300)
      .refine((name) => !/\p{Cc}/u.test(name), 'must be one line'),
  )
  .default([]);

const ApproversGiven = z
  .strictObject({
    people: names.describe('Names on the command line, over HTTP and in the Web UI.'),
    slackUsers: z
      .array(z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'must be the id of a Slack user, such as U012AB3CD'))
      .default([])
      .describe('Ids of Slack users.'),
    slackGroups: z
      .array(z.string().regex(/^S[A-Z0-9]{2,}$/, 'must be the id of a Slack user group, such as S012AB3CD'))
      .default([])
      .describe('Ids of Slack user groups; whoever is in one of them is meant.'),
  })
  .refine(
    ({ people, slackUsers, slackGroups }) => people.length + slackUsers.length + slackGroups.length > 0,
    'must name somebody; leave it out to name nobody',
  )
  .describe('People who may decide.');

/** Who decides on what a runbook asks, and how long they have. */
export const Approval = z
  .strictObject({
    withinSeconds: z
      .number()
      .min(1)
      .max(604_800)
      .default(1_800)
      .describe('How long a person has to decide, and how long an approval holds; no answer is no.'),
    approvers: ApproversGiven.nullable()
      .default(null)
      .describe('Who may decide. Where nobody is named: in Slack nobody, by the other ways whoever gets there.'),
    namespaces: z
      .record(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be the name of a namespace'), ApproversGiven)
      .default({})
      .describe('Who may decide on targets of these namespaces, in place of approvers.'),
    fourEyes: z.boolean().default(false).describe('Whoever raised an incident does not decide on what it asks.'),
  })
  .describe('For the mode approve, and for what only a person decides.');
