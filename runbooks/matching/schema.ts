import { z } from 'zod';
import { TARGET_KINDS } from '../../incident/target.ts';

const text = z.string().min(1).max(500);
const pattern = text.refine((value) => value.split('*').length <= 10, 'must have nine * at most');
const patterns = z.array(pattern).min(1).max(1_000);
const words = z
  .string()
  .max(2_000)
  .regex(/^[a-z0-9]+( ?\| ?[a-z0-9]+)*$/, 'must be beginnings of words in lower case, or several joined by |');
const labelNames = z
  .string()
  .max(500)
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*(\|[a-zA-Z_][a-zA-Z0-9_]*)*$/, 'must be the name of a label, or several joined by |');
const labelValue = z
  .string()
  .max(500)
  .refine((value) => value.split('*').length <= 10, 'must have nine * at most');

const CONDITIONS = {
  alerts: patterns.optional().describe('Names of alerts: one of them. A * stands for anything; without one it is the exact name.'),
  words: z
    .array(words)
    .min(1)
    .max(10)
    .optional()
    .describe('All of them begin words of the alert’s name, in whatever order; `latency|slow` is one or the other.'),
  reasons: z
    .array(text)
    .min(1)
    .max(100)
    .optional()
    .describe('Reasons as Kubernetes gives them, such as CrashLoopBackOff: one of them in a label such as reason.'),
  labels: z
    .record(labelNames, z.union([labelValue, z.array(labelValue).min(1).max(100)]))
    .default({})
    .describe(
      'All of them, with the value, or one of the values; * stands for anything. "*" is: it is there; "" is: it is not. `a|b` is one of two labels.',
    ),
  metrics: patterns
    .optional()
    .describe('One of these is read by the rule of the alert, where the alert links to its rule; * stands for anything.'),
  kinds: z
    .array(z.enum(TARGET_KINDS))
    .min(1)
    .optional()
    .describe('Kinds of target: the topmost owner of what the alert names. All, if left out.'),
};

const saysSomething = (condition: Partial<Condition>) =>
  [condition.alerts, condition.words, condition.reasons, condition.metrics].some((one) => one !== undefined) ||
  Object.keys(condition.labels ?? {}).length > 0;

/** What must hold of an alert, all of it. */
const Condition = z.strictObject(CONDITIONS);
export type Condition = z.infer<typeof Condition>;

const Telling = Condition.refine(saysSomething, 'must say at least one of alerts, words, reasons, labels and metrics');

/** Which alerts, about which targets, a runbook is for. */
export const Match = z
  .strictObject({
    ...CONDITIONS,
    any: z
      .array(Telling)
      .min(1)
      .max(100)
      .optional()
      .describe('Beside labels and kinds, which then hold for all: one of these is enough, and all that it says must hold.'),
    except: z.array(Telling).max(100).default([]).describe('None of these may hold.'),
  })
  .superRefine((match, context) => {
    const { any, alerts, words, reasons, metrics } = match;
    if (any === undefined && !saysSomething(match))
      context.addIssue({ code: 'custom', message: 'must say at least one of alerts, words, reasons, labels, metrics and any' });
    for (const [name, one] of Object.entries({ alerts, words, reasons, metrics }))
      if (any !== undefined && one !== undefined)
        context.addIssue({ code: 'custom', path: [name], message: 'cannot stand beside any; put it into one of its entries' });
  })
  .describe('Which alerts, about which targets. Of several runbooks that match the most specific is used: see docs/alerts.md.');

export type Match = z.infer<typeof Match>;
