import { z } from 'zod';
import { GUARDS } from '../../guards/permit.ts';
import { ANSWERS } from '../../incident/approval.ts';
import type { Context } from '../../incident/context.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { Recalled } from '../../incident/experience/recalled.ts';
import { FAILURE_TYPES } from '../../incident/failure-type.ts';
import { MODES } from '../../incident/mode.ts';
import { WAYS } from '../../incident/person.ts';
import type { Plan } from '../../incident/plan.ts';
import type { Surroundings } from '../../incident/surroundings.ts';
import { TARGET_KINDS } from '../../incident/target.ts';
import type { Verdict } from '../../incident/verdict.ts';
import { Timeline } from '../timeline.ts';

const text = z.string();
const count = z.number().int().min(0);

/** What Paramedic itself wrote, of which only what a rehearsal would stumble over is checked. */
function own<T>(what: string, ...needed: readonly string[]): z.ZodType<T> {
  const hasAll = (value: unknown) => typeof value === 'object' && value !== null && needed.every((key) => key in value);
  return z.custom<T>(hasAll, `must be ${what}, with ${needed.join(', ')}`);
}

const Failure = z.strictObject({ type: text, message: text }).describe('How a call ended that came to nothing.');

const Look = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('seen'),
    evidence: own<Evidence>('evidence', 'kind', 'uid', 'generation'),
    context: own<Context>('what stands around', 'events'),
    recalled: own<Recalled>('what was recalled', 'kind').nullable(),
  }),
  z.strictObject({ kind: z.literal('failed'), ...Failure.shape }),
]);

const Act = z.strictObject({
  kind: z.literal('act'),
  plan: own<Plan>('a plan', 'remedy', 'change', 'uid', 'generation'),
  failure: Failure.nullable(),
  verdict: own<Verdict>('a verdict', 'kind').nullable(),
});

const Undo = z.strictObject({ kind: z.literal('undo'), done: z.boolean(), failure: Failure.nullable() });

/** The target between two acts. */
const RecordedScene = z.strictObject({
  looks: z.array(Look),
  failedPlans: z.array(z.strictObject({ remedy: text, ...Failure.shape })).describe('Remedies that could not be planned.'),
  surroundings: own<Surroundings>('surroundings', 'readAtMs', 'apiServerMs').nullable(),
  refusals: z.array(z.strictObject({ remedy: text, guard: z.enum(GUARDS), reason: text })),
  isRefused: z.boolean().describe('The guards refused to the last.'),
  end: z.discriminatedUnion('kind', [Act, Undo]).nullable().describe('What was done then; null: nothing.'),
});

const Alert = z.object({
  name: text,
  status: z.enum(['firing', 'resolved']),
  fingerprint: text,
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  startsAt: text.optional(),
  series: z.strictObject({ query: text, threshold: text }).optional(),
});

const position = { scene: count, looks: count };

const Who = z.strictObject({ id: text, name: text, way: z.enum(WAYS), groups: z.array(text) });

/** An incident as its history tells it: all that is needed to play it once more. */
export const RecordedIncident = z
  .strictObject({
    shape: z.literal(1).describe('Of this file.'),
    incident: text.min(1),
    run: text.min(1).describe('The last of its runs.'),
    openedAt: z.iso.datetime(),
    target: z.strictObject({ cluster: text, namespace: text, kind: z.enum(TARGET_KINDS), name: text }),
    runbook: z.strictObject({ name: text, failureType: z.enum(FAILURE_TYPES), mode: z.enum(MODES) }).describe('As it began.'),
    pinned: z.record(z.string(), z.unknown()).describe('The runbooks that alerts were taken by, as they were pinned, by name.'),
    alerts: z
      .array(
        z.strictObject({
          alert: Alert,
          by: text.nullable().describe('The runbook that took it; null: not told.'),
          isTold: z.boolean().describe('That runbook matches it by what is told of it here.'),
          ...position,
        }),
      )
      .describe('In the order in which they joined, and when.'),
    over: z
      .strictObject({ ...position, questions: count })
      .nullable()
      .describe('When the last of them was over; null: never.'),
    scenes: z.array(RecordedScene).min(1),
    questions: z
      .array(
        z.strictObject({
          plan: z.strictObject({ remedy: text, before: text, after: text }).nullable(),
          answer: z.strictObject({ decision: z.enum(ANSWERS), by: z.union([text, Who]), reason: text.optional() }).nullable(),
        }),
      )
      .describe('What people were asked, and what they said.'),
    course: Timeline.describe('What came of it, which a replay is compared with.'),
  })
  .describe('A recorded incident.');

export type RecordedIncident = z.infer<typeof RecordedIncident>;
export type RecordedScene = z.infer<typeof RecordedScene>;
export type RecordedLook = z.infer<typeof Look>;
export type RecordedFailure = z.infer<typeof Failure>;
