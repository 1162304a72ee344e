import { z } from 'zod';
import { MODES, type Mode, mostCautious } from '../incident/mode.ts';
import { CONTAINMENTS, REMEDIES, type RemedyName } from '../incident/remedy.ts';
import { matchesGlob } from './matching/glob.ts';

export const ModeGiven = z.enum(MODES);

/** Where, or for which remedies, another mode holds than the runbook's own. */
export const ModeException = z
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
  .describe('Of the exceptions that hold, the most cautious counts, and mode does not.');

export type ModeException = z.infer<typeof ModeException>;

/** What of a runbook says how much is done without a person. */
export interface ModePolicy {
  readonly mode: Mode;
  readonly modes: readonly ModeException[];
}

/** The mode of a runbook for targets of a namespace. @param remedy null: of the whole runbook there, before any remedy is chosen */
export function modeFor({ mode, modes }: ModePolicy, namespace: string, remedy: RemedyName | null): Mode {
  const isMeant = ({ namespaces, remedies }: ModeException) =>
    (namespaces === undefined || namespaces.some((glob) => matchesGlob(glob, namespace))) &&
    (remedies === undefined || remedies.some((name) => name === remedy));
  const [first, ...others] = modes.filter(isMeant).map((one) => one.mode);
  return first === undefined ? mode : mostCautious(first, ...others);
}
