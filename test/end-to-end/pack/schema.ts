import { z } from 'zod';
import { fields, fieldsOf, OBJECT_CHECKS, OBJECT_STEPS, oneOf, REMEDY_WHERE_HEALED } from '../../../drills/schema.ts';
import { ANSWERS } from '../../../incident/approval.ts';

const name = z.string().min(1);

const RegisterVersion = z
  .strictObject({
    model: name.describe('As scenarios call it; in the registry its name ends with the namespace, so that no two share a model.'),
    as: z
      .string()
      .regex(/^[a-z][A-Za-z0-9]*$/, 'must be a word such as good or bad')
      .describe('What later steps call it; of one called bad they know bad.storageUri, bad.version and bad.model.'),
    broken: z.boolean().default(false).describe('It is fetched, but cannot be loaded.'),
    missing: z.boolean().default(false).describe('Its artifact is not there.'),
    proven: z
      .boolean()
      .optional()
      .describe('It passed its validation and is the last known good one. By default what is neither broken nor missing is.'),
    quarantined: z.boolean().default(false),
    serving: z.boolean().default(true).describe('The alias `production` is moved to it.'),
  })
  .describe('A new version of a model in MLflow.');

/** A line of the judge: of the cluster, or of the sandbox's registry. */
export const Check = oneOf('a check', {
  ...OBJECT_CHECKS,
  tag: z.strictObject({ model: name, tag: name }).describe("A registered model of MLflow's registry has this tag."),
  alias: z.strictObject({ model: name, alias: name, version: name }).describe("An alias of MLflow's registry points at this version."),
});
export type Check = z.infer<typeof Check>;

/** One thing that is done to the cluster or the sandbox's registry, as a person or an accident would. */
export const Step = oneOf('a step', {
  ...OBJECT_STEPS,
  until: Check.describe('Waits until a check holds, such as that the fault shows.'),
  mlflow: z.strictObject({ registerVersion: RegisterVersion }),
});
export type Step = z.infer<typeof Step>;

/** One injected fault with the right answer to it, as its file says it: a drill, and what only the sandbox can do. */
export const Scenario = z
  .strictObject({
    ...fieldsOf(Step, Check),
    alone: z
      .boolean()
      .optional()
      .describe(
        'No other scenario runs meanwhile: it changes what all share, or leaves pods without a place, which harms others. By default those of capacityShortage and those that create a Node.',
      ),
    decide: z
      .enum(ANSWERS)
      .optional()
      .describe('What a person answers as soon as they are asked. By default nobody does, and who is asked has it handed over.'),
    runbook: fields.optional().describe("Fields over the pack's quick runbook of that failure type."),
  })
  .refine(...REMEDY_WHERE_HEALED);
export type Scenario = z.infer<typeof Scenario>;
