import { z } from 'zod';
import { FAILURE_TYPES } from '../incident/failure-type.ts';
import { REMEDIES } from '../incident/remedy.ts';
import { TARGET_KINDS } from '../incident/target.ts';

const alias = z.string().regex(/^[A-Za-z0-9_-]+$/, 'must be letters, digits, hyphens and underscores');
const seconds = z.number().min(0).max(86_400);

/** Policy for one failure type: which alerts, which remedies in which order, limits, and who is told. */
export const Runbook = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case words joined by hyphens'),
  failureType: z.enum(FAILURE_TYPES),
  match: z.strictObject({
    /** Alert names this runbook answers. */
    alerts: z.array(z.string().min(1)).min(1),
    /** Labels that must be there with exactly this value. */
    labels: z.record(z.string(), z.string()).default({}),
    /** Kinds of target it is for: the topmost owner of what the alert names. */
    kinds: z
      .array(z.enum(TARGET_KINDS))
      .min(1)
      .default([...TARGET_KINDS]),
  }),
  /** observe does everything but the act; auto acts. */
  mode: z.enum(['observe', 'auto']).default('observe'),
  /** How long a failure may heal by itself before anything is done. */
  settleSeconds: seconds.default(30),
  /** The ladder, mildest first; a rung is used only when the cause allows it. */
  remedies: z.array(z.enum(REMEDIES)),
  attempts: z
    .strictObject({
      max: z.number().int().min(1).max(10).default(3),
      backoffFirstSeconds: seconds.default(30),
      backoffFactor: z.number().min(1).max(10).default(2),
      backoffMaxSeconds: seconds.default(600),
    })
    .prefault({}),
  verify: z
    .strictObject({
      /** How long the target must stay healthy without a break. */
      stableSeconds: seconds.default(60),
      /** When to stop waiting for health to come. */
      timeoutSeconds: seconds.default(300),
    })
    .prefault({}),
  memory: z
    .strictObject({
      factor: z.number().gt(1).max(4).default(2),
      /** Never raised past this, however many cycles. */
      ceilingMi: z.number().int().min(1).default(4096),
    })
    .prefault({}),
  model: z
    .strictObject({
      /** Registry alias of the version to go back to. */
      lastKnownGoodAlias: alias.default('last-known-good'),
      /** Registry alias that is moved to the good version once it is seen serving, if it is at the bad one. */
      servingAlias: alias.default('production'),
    })
    .prefault({}),
});

export type Runbook = z.infer<typeof Runbook>;
