import { z } from 'zod';
import { MODES, type ModeException } from '../incident/mode.ts';
import { CONTAINMENTS, REMEDIES } from '../incident/remedy.ts';

export const ModeGiven = z.enum(MODES);

/** Where, or for which remedies, another mode holds than the runbook's own. */
export const ModeExceptionGiven = z
  .strictObject({
    namespaces: z
      .array(z.string().regex(/^[a-z0-9*]([-a-z0-9*]{0,61}[a-z0-9*])?$/, 'must be the name of a namespace, in which * stands for anything'))
      .min(1)
      .optional()
      .describe('Namespaces of targets, in which * stands for anything; any one where it is left out.'),
    remedies: z
      .array(z.enum([...REMEDIES, ...CONTAINMENTS]))
      .min(1)
      .optional()
      .describe('Remedies of this runbook; the whole runbook where it is left out.'),
    mode: ModeGiven.describe('off for remedies leaves them out; off for namespaces begins no incident there.'),
  })
  .refine(({ namespaces, remedies }) => namespaces !== undefined || remedies !== undefined, 'must name namespaces, remedies or both')
  .describe('Of the exceptions that hold, the most cautious counts, and mode does not.') satisfies z.ZodType<ModeException>;
