import { z } from 'zod';
import { GUARDS } from '../../guards/permit.ts';
import { CAUSES, type CauseKind } from '../../incident/cause.ts';
import { OUTCOMES } from '../../incident/incident.ts';
import { MODES } from '../../incident/mode.ts';
import { REMEDIES } from '../../incident/remedy.ts';
import { TARGET_KINDS } from '../../incident/target.ts';
import { State } from './states/schema.ts';

const line = z.string().min(1).max(300);
const remedy = z.enum(REMEDIES);

const CaseTarget = z
  .strictObject({
    kind: z.enum(TARGET_KINDS).optional().describe('Left out: the first one that the runbook is for, or a Deployment.'),
    namespace: line.default('ml'),
    name: line.default('ranker'),
  })
  .describe('What the alert is about.');

const CaseAlert = z
  .union([
    line.transform((name) => ({ name, labels: {}, annotations: {} })),
    z.strictObject({
      name: line,
      labels: z.record(z.string(), z.string()).default({}),
      annotations: z.record(z.string(), z.string()).default({}),
    }),
  ])
  .describe('Its name, or its name, labels and annotations; those labels that name the target are added.');

const Expected = z
  .strictObject({
    runbook: line.optional().describe('The name of the one that takes the alert; none: no runbook does.'),
    cause: z
      .enum(Object.keys(CAUSES) as [CauseKind, ...CauseKind[]])
      .optional()
      .describe('The first that is diagnosed.'),
    rule: line.optional().describe('The rule that names it.'),
    acts: z.array(remedy).optional().describe('The remedies that are applied, in this order.'),
    takenBack: z.array(remedy).optional().describe('Those of them that are taken back.'),
    proposes: remedy.nullable().optional().describe('The last remedy that was planned, done or not; null: none was.'),
    refusedBy: z.enum(GUARDS).optional().describe('The guard for which it is handed over.'),
    asked: z.boolean().optional().describe('Whether a person is asked for leave.'),
    escalated: z.boolean().optional().describe('Whether it is handed over to a person.'),
    outcome: z.enum(OUTCOMES).optional().describe('How it ends.'),
  })
  .refine((expected) => Object.keys(expected).length > 0, 'must expect something')
  .describe('What is to come of it; what is left out may be anything.');

export type Expected = z.infer<typeof Expected>;

/** One story about a target, and what a runbook is to make of it. */
const Case = z
  .strictObject({
    name: line.describe('What it shows, as the end of a sentence.'),
    alert: CaseAlert,
    target: CaseTarget.prefault({}),
    mode: z.enum(MODES).optional().describe("In place of the runbook's own, for all of its remedies."),
    answers: z
      .array(z.enum(['approve', 'reject', 'silence']))
      .default([])
      .describe('What a person says to each question in turn; silence to those that come after.'),
    states: z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case words joined by hyphens'), State)
      .describe('How the target may be, by name; it begins as the first. The state healthy is there without being written.'),
    expect: Expected,
  })
  .superRefine(({ states }, { addIssue }) => {
    const names = [...Object.keys(states), 'healthy'];
    for (const [name, { after }] of Object.entries(states))
      for (const [by, next] of Object.entries(after))
        if (!names.includes(next))
          addIssue({
            code: 'custom',
            path: ['states', name, 'after', by],
            message: `"${next}" is no state of this case: it has ${names.join(', ')}`,
          });
  });

export type Case = z.infer<typeof Case>;

/** A file of cases beside a runbook. */
export const CasesFile = z
  .strictObject({
    mode: z.enum(MODES).optional().describe('For every case that says nothing of it.'),
    cases: z.array(Case).min(1).max(200),
  })
  .superRefine(({ cases }, { addIssue }) => {
    for (const [index, { name }] of cases.entries())
      if (cases.findIndex((one) => one.name === name) < index)
        addIssue({ code: 'custom', path: ['cases', index, 'name'], message: `"${name}" is the name of another case of this file` });
  })
  .describe('Cases that a runbook is tested by, in NAME.test.yaml beside NAME.yaml.');

export type CasesFile = z.infer<typeof CasesFile>;
