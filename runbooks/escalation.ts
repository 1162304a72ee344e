import { z } from 'zod';
import { WEEKDAYS } from '../guards/limits.ts';
import { SEVERITIES } from '../incident/severity.ts';
import { clock, timezone } from './wall-clock.ts';

const DAY_SECONDS = 86_400;

/** How channels are called. `-file` at the end would make the variable of its secret mean two things. */
export const channelName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, such as ml-oncall')
  .refine((name) => !name.endsWith('-file'), 'must not end with -file');

const severity = z.enum(SEVERITIES);

const Level = z
  .strictObject({
    afterSeconds: z
      .number()
      .int()
      .min(0)
      .max(7 * DAY_SECONDS)
      .default(0)
      .describe('So long after a person was found to be needed, where nobody has acknowledged it until then.'),
    channels: z
      .array(channelName)
      .min(1)
      .max(10)
      .refine((names) => new Set(names).size === names.length, 'names a channel twice')
      .describe('Channels of channels.yaml; all of them are told at once.'),
    severity: severity.optional().describe('Of what this level is told; that of the chain where it is left out.'),
  })
  .describe('Who is told, and when.');

const QuietHours = z
  .strictObject({
    from: clock,
    to: clock.describe('Where it is not later than from it is on the day after.'),
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .default([...WEEKDAYS])
      .describe('Days on which they begin.'),
    timezone,
    below: z
      .enum(['critical', 'error', 'warning'])
      .default('critical')
      .describe('What is less severe waits until they end. What is critical never waits.'),
  })
  .refine(({ from, to, days }) => from !== to || new Set(days).size < WEEKDAYS.length, 'must end at some time')
  .describe('When nobody is woken for what can wait.');

/** Whom an incident tells that needs a person, in which order, until somebody acknowledges it. */
export const EscalationChain = z
  .strictObject({
    severity: severity.default('error').describe('How bad it is when such an incident needs a person.'),
    levels: z
      .array(Level)
      .min(1)
      .max(10)
      .superRefine((levels, context) => {
        for (const [index, { afterSeconds }] of levels.entries()) {
          const before = levels[index - 1]?.afterSeconds ?? -1;
          if (afterSeconds <= before)
            context.addIssue({
              code: 'custom',
              path: [index, 'afterSeconds'],
              message: `must be more than ${before}, that of the level before`,
            });
        }
      })
      .describe('In the order in which they are told. Where no channel of a level takes it, the next level is told at once.'),
    remindEverySeconds: z
      .number()
      .int()
      .min(60)
      .max(DAY_SECONDS)
      .default(1_800)
      .describe('Whoever was told is reminded so often, until somebody acknowledges it.'),
    remindersMax: z.number().int().min(0).max(100).default(6).describe('No more reminders than these.'),
    quietHours: QuietHours.nullable().default(null),
  })
  .describe('Who is told when a person is needed, until somebody acknowledges it.');

export type EscalationChain = z.infer<typeof EscalationChain>;
