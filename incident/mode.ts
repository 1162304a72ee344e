import { matchesGlob } from './glob.ts';
import type { RemedyName } from './remedy.ts';

/** How much is done without a person, the most cautious first. `off`: nothing at all, not even a diagnosis. */
export const MODES = ['off', 'observe', 'approve', 'auto'] as const;

export type Mode = (typeof MODES)[number];

export function mostCautious(first: Mode, ...others: readonly Mode[]): Mode {
  return others.reduce((soFar, mode) => (MODES.indexOf(mode) < MODES.indexOf(soFar) ? mode : soFar), first);
}

/** Where, or for which remedies, another mode holds than a runbook's own. */
export interface ModeException {
  /** Of targets, in which `*` stands for anything; absent: any. */
  readonly namespaces?: readonly string[] | undefined;
  /** Absent: the whole runbook. */
  readonly remedies?: readonly RemedyName[] | undefined;
  readonly mode: Mode;
}

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
