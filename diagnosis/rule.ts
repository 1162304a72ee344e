import type { CauseKind } from '../incident/diagnosis.ts';

/** What a rule found, with the reason a person reads. */
export interface Finding {
  readonly cause: CauseKind;
  readonly reason: string;
}

/** A rule looks at the evidence and either names a cause with its reason, or says nothing. */
export type Rule<E> = (evidence: E) => Finding | null;
