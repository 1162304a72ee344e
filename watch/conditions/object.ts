import { z } from 'zod';
import { redact } from '../../incident/redact.ts';

const SAYS_CHARACTERS_MAX = 300;

/** A moment as the API writes it, in epoch milliseconds; null where there is none, or it is none. */
export const moment = z
  .string()
  .nullish()
  .catch(null)
  .transform((text) => {
    const ms = text ? Date.parse(text) : Number.NaN;
    return Number.isNaN(ms) ? null : ms;
  });

const texts = z
  .record(z.string(), z.string())
  .nullish()
  .transform((given) => given ?? {});

/** A list that the API leaves out, or sends as null, where it is empty. */
export function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);
}

export const count = z
  .number()
  .nullish()
  .transform((given) => given ?? 0);

/** What the API server keeps about every object, as far as it is used. */
const Metadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string(),
  generation: z.number().default(0),
  creationTimestamp: moment,
  deletionTimestamp: moment,
  labels: texts,
  annotations: texts,
  ownerReferences: listOf(z.object({ kind: z.string(), name: z.string(), uid: z.string(), controller: z.boolean().default(false) })),
  managedFields: listOf(z.object({ subresource: z.string().default(''), time: moment })),
});
export type Metadata = z.infer<typeof Metadata>;

export const conditions = listOf(
  z.object({
    type: z.string(),
    status: z.string(),
    reason: z.string().default(''),
    message: z.string().default(''),
    lastTransitionTime: moment,
  }),
);
export type Conditions = z.infer<typeof conditions>;

export const common = { metadata: Metadata };

/** The condition of a type that is met as asked. */
export function met(list: Conditions, type: string, status: 'True' | 'False' | 'Unknown') {
  return list.find((one) => one.type === type && one.status === status);
}

/** The controller that made it. */
export function controllerOf({ ownerReferences }: Metadata) {
  return ownerReferences.find(({ controller }) => controller);
}

/** Since when its status has been as it is: the API server notes when a field of it was last given another value. */
export function statusSince({ managedFields }: Metadata): number | null {
  const written = managedFields.flatMap(({ subresource, time }) => (subresource === 'status' && time !== null ? time : []));
  return written.length > 0 ? Math.max(...written) : null;
}

/** What a controller or a program says, as it may be shown. */
export function said(...parts: readonly string[]): string {
  return redact(parts.filter(Boolean).join(': ').replaceAll(/\s+/g, ' '), SAYS_CHARACTERS_MAX);
}

/** @throws when the object has none */
export function metadataOf(object: unknown): Metadata {
  return z.object(common).parse(object).metadata;
}
