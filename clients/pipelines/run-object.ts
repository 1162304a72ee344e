import { z } from 'zod';
import type { PipelineRun } from '../../incident/pipeline.ts';
import { redact } from '../../incident/redact.ts';
import { LAST_ACTION, type RawObject } from '../kubernetes/guarded-patch.ts';
import { RETRY_OF, RETRY_OF_UID } from '../kubernetes/jobs/job-marks.ts';
import { ownLabels } from '../kubernetes/jobs/job-template.ts';

const MESSAGE_CHARACTERS_MAX = 600;

const texts = z.record(z.string(), z.string()).default({});

/** A moment as the API writes it, in epoch milliseconds; null where there is none. */
export const moment = z
  .string()
  .nullish()
  .transform((text) => (text ? Date.parse(text) : null));

/** What the API server keeps about every object, as far as it is used. */
export const Metadata = z.object({
  name: z.string(),
  uid: z.string(),
  creationTimestamp: z.string().transform((text) => Date.parse(text)),
  labels: texts,
  annotations: texts,
  ownerReferences: z
    .array(z.object({ kind: z.string(), name: z.string(), uid: z.string(), controller: z.boolean().default(false) }))
    .default([]),
});
export type Metadata = z.infer<typeof Metadata>;

export const conditions = z
  .array(
    z.object({
      type: z.string(),
      status: z.string(),
      reason: z.string().default(''),
      message: z.string().default(''),
      lastTransitionTime: moment,
    }),
  )
  .nullish()
  .transform((list) => list ?? []);

/** What any run that is an object has by its metadata alone. */
export function runBegun({ name, uid, annotations, creationTimestamp }: Metadata) {
  return {
    name,
    uid,
    createdMs: creationTimestamp,
    isRetry: annotations[RETRY_OF] !== undefined,
    tries: 1,
    outOfMemory: false,
  } satisfies Partial<PipelineRun>;
}

/** What its system says, as it may be shown; null where it says nothing. */
export function saidOf(message: string | null | undefined): string | null {
  return message ? redact(message, MESSAGE_CHARACTERS_MAX) || null : null;
}

/** What tells a further run from others: whose it is, and by which act it was made. */
export function marksOf({ metadata }: RawObject, key: string) {
  const { name = '', uid } = metadata;
  return {
    labels: { ...ownLabels(metadata), [RETRY_OF_UID]: uid },
    annotations: { [RETRY_OF]: name, [LAST_ACTION]: key },
  };
}
