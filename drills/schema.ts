import { z } from 'zod';
import { FAILURE_TYPES } from '../incident/failure-type.ts';

const name = z.string().min(1);
const Named = z.strictObject({ kind: name, name });
const Addressed = z.strictObject({ apiVersion: name, kind: name, name });
/** Fields of an object, or of a runbook, as they are written. */
export const fields = z.record(z.string(), z.unknown());

/** An object as it is sent to the API server; what a kind may hold is that server's to check. */
const Manifest = z.looseObject({
  apiVersion: name,
  kind: name,
  metadata: z.looseObject({ name: name.optional(), generateName: name.optional() }),
});
export type Manifest = z.infer<typeof Manifest>;

/** What holds of objects of the cluster, or does not. */
export const OBJECT_CHECKS = {
  ready: Named.describe('All that is wanted of it is rolled out and ready.'),
  notReady: Named,
  equals: Addressed.extend({ path: name, value: z.unknown() }).describe(
    'The field at a dotted path has this value; null: it is not there.',
  ),
  exists: Addressed,
  absent: Addressed,
  unchanged: Addressed.describe('Its spec is as the fault left it.'),
};
/** A line of the judge: something that holds of the cluster, or does not. */
export const Check = oneOf('a check', OBJECT_CHECKS);
export type Check = z.infer<typeof Check>;

/** What is done to objects of the cluster. */
export const OBJECT_STEPS = {
  create: Manifest,
  patch: Addressed.extend({ merge: fields, subresource: z.enum(['status', 'scale']).optional() }),
  delete: Addressed,
  patchPods: z.strictObject({ selector: name, count: z.number().int().min(1).optional(), merge: fields }),
  waitSeconds: z.number().min(0).max(300),
};
/** One thing that is done to the cluster, as a person or an accident would. */
export const Step = oneOf('a step', {
  ...OBJECT_STEPS,
  until: Check.describe('Waits until a check holds, such as that the fault shows.'),
});
export type Step = z.infer<typeof Step>;

const ENDS = ['healed', 'handedOver', 'leftAlone'] as const;
export type End = (typeof ENDS)[number];

/** The fields of one injected fault with the right answer to it, by what its steps and checks can be. */
export function fieldsOf<S extends z.ZodType, C extends z.ZodType>(step: S, check: C) {
  return {
    name: name.describe('For people; nothing in Paramedic knows it.'),
    failureType: z.enum(FAILURE_TYPES).describe('The workflow type that is to deal with it.'),
    nodes: z
      .enum(['simulated', 'real', 'both'])
      .default('simulated')
      .describe('What its pods must run on: nodes whose pods do as their annotations say, a real node of the sandbox, or any node at all.'),
    setup: z.array(setupItem(step)).min(1).describe('Manifests without a namespace, created in order.'),
    settled: z.boolean().default(true).describe('The fault is injected only once every workload of the setup is ready.'),
    fault: z.array(step).default([]),
    alert: z
      .strictObject({ name, labels: z.record(z.string(), z.string()) })
      .nullable()
      .describe('Raised as monitoring would; null: what watches the cluster must notice it by itself.'),
    target: Named,
    expect: z.strictObject({
      cause: name.describe('The cause that Paramedic must name.'),
      end: z.enum(ENDS),
      remedy: name.optional().describe('The remedy whose act heals.'),
    }),
    check: z.array(check).min(1),
    mayChange: z
      .array(Named)
      .optional()
      .describe('What Paramedic may write to beside the target, which it may where that is to be healed.'),
    timeoutSeconds: z.number().min(5).max(900).default(120),
  };
}

/** Refuses a cure without its remedy, and a remedy without a cure. */
export const REMEDY_WHERE_HEALED: [check: (value: unknown) => boolean, otherwise: { path: PropertyKey[]; message: string }] = [
  (value) => {
    const { expect } = value as { readonly expect: { readonly end: End; readonly remedy?: string } };
    return (expect.end === 'healed') === (expect.remedy !== undefined);
  },
  { path: ['expect', 'remedy'], message: 'must be given where end is healed, and only there' },
];

/** One injected fault with the right answer to it, by nothing but objects of the cluster. */
export const Drill = z.strictObject(fieldsOf(Step, Check)).refine(...REMEDY_WHERE_HEALED);
export type Drill = z.infer<typeof Drill>;

/** An object with exactly one of these fields. */
export function oneOf<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  const kinds = Object.keys(shape);
  return z
    .strictObject(shape)
    .partial()
    .refine((value) => Object.keys(value).length === 1, { message: `must be ${what}, with exactly one of: ${kinds.join(', ')}` });
}

/** A manifest, or a step, told apart by their fields so that a fault in one is told as such. */
function setupItem<S extends z.ZodType>(step: S) {
  return z.unknown().transform((value, context) => {
    const isManifest = typeof value === 'object' && value !== null && 'kind' in value;
    const result = isManifest ? Manifest.safeParse(value) : step.safeParse(value);
    if (result.success) return (isManifest ? { create: result.data } : result.data) as z.infer<S>;
    for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  });
}
