import { z } from 'zod';
import { ANSWERS } from '../../../incident/approval.ts';
import { FAILURE_TYPES } from '../../../incident/failure-type.ts';

const name = z.string().min(1);
const Named = z.strictObject({ kind: name, name });
const Addressed = z.strictObject({ apiVersion: name, kind: name, name });
const fields = z.record(z.string(), z.unknown());

/** An object as it is sent to the API server; what a kind may hold is that server's to check. */
const Manifest = z.looseObject({
  apiVersion: name,
  kind: name,
  metadata: z.looseObject({ name: name.optional(), generateName: name.optional() }),
});
export type Manifest = z.infer<typeof Manifest>;

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

/** A line of the judge: something that holds of the cluster, or does not. */
export const Check = oneOf('a check', {
  ready: Named.describe('All that is wanted of it is rolled out and ready.'),
  notReady: Named,
  equals: Addressed.extend({ path: name, value: z.unknown() }).describe(
    'The field at a dotted path has this value; null: it is not there.',
  ),
  exists: Addressed,
  absent: Addressed,
  unchanged: Addressed.describe('Its spec is as the fault left it.'),
  tag: z.strictObject({ model: name, tag: name }).describe("A registered model of MLflow's registry has this tag."),
  alias: z.strictObject({ model: name, alias: name, version: name }).describe("An alias of MLflow's registry points at this version."),
});
export type Check = z.infer<typeof Check>;

const STEPS = {
  create: Manifest,
  patch: Addressed.extend({ merge: fields, subresource: z.enum(['status', 'scale']).optional() }),
  delete: Addressed,
  patchPods: z.strictObject({ selector: name, count: z.number().int().min(1).optional(), merge: fields }),
  waitSeconds: z.number().min(0).max(300),
  until: Check.describe('Waits until a check holds, such as that the fault shows.'),
  mlflow: z.strictObject({ registerVersion: RegisterVersion }),
};
/** One thing that is done to the cluster, as a person or an accident would. */
export const Step = oneOf('a step', STEPS);
export type Step = z.infer<typeof Step>;

/** A manifest, or a step, told apart by their fields so that a fault in one is told as such. */
const SetupItem = z.unknown().transform((value, context) => {
  const isManifest = typeof value === 'object' && value !== null && 'kind' in value;
  const result = isManifest ? Manifest.safeParse(value) : Step.safeParse(value);
  if (result.success) return (isManifest ? { create: result.data } : result.data) as Step;
  for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path: [...path], message });
  return z.NEVER;
});

const ENDS = ['healed', 'handedOver', 'leftAlone'] as const;
export type End = (typeof ENDS)[number];

/** One injected fault with the right answer to it, as its file says it. */
export const Scenario = z
  .strictObject({
    name: name.describe('For people; nothing in Paramedic knows it.'),
    failureType: z.enum(FAILURE_TYPES).describe('The workflow type that is to deal with it.'),
    nodes: z.enum(['simulated', 'real', 'both']).default('simulated'),
    alone: z
      .boolean()
      .optional()
      .describe(
        'No other scenario runs meanwhile: it changes what all share, or leaves pods without a place, which harms others. By default those of capacityShortage and those that create a Node.',
      ),
    setup: z.array(SetupItem).min(1).describe('Manifests without a namespace, created in order.'),
    settled: z.boolean().default(true).describe('The fault is injected only once every workload of the setup is ready.'),
    fault: z.array(Step).default([]),
    alert: z
      .strictObject({ name, labels: z.record(z.string(), z.string()) })
      .nullable()
      .describe("Sent to the gateway as Alertmanager sends it; null: whatever the sandbox's own Prometheus fires."),
    decide: z
      .enum(ANSWERS)
      .optional()
      .describe('What a person answers as soon as they are asked. By default nobody does, and who is asked has it handed over.'),
    target: Named,
    expect: z.strictObject({
      cause: name.describe('The cause that Paramedic must name.'),
      end: z.enum(ENDS),
      remedy: name.optional().describe('The remedy whose act heals.'),
    }),
    check: z.array(Check).min(1),
    mayChange: z
      .array(Named)
      .optional()
      .describe('What Paramedic may write to beside the target, which it may where that is to be healed.'),
    runbook: fields.optional().describe("Fields over the pack's quick runbook of that failure type."),
    timeoutSeconds: z.number().min(5).max(900).default(120),
  })
  .refine(({ expect }) => (expect.end === 'healed') === (expect.remedy !== undefined), {
    path: ['expect', 'remedy'],
    message: 'must be given where end is healed, and only there',
  });
export type Scenario = z.infer<typeof Scenario>;

/** An object with exactly one of these fields. */
function oneOf<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  const kinds = Object.keys(shape);
  return z
    .strictObject(shape)
    .partial()
    .refine((value) => Object.keys(value).length === 1, { message: `must be ${what}, with exactly one of: ${kinds.join(', ')}` });
}
