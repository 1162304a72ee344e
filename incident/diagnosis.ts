import type { CauseKind } from './cause.ts';

/**
 * How sure a rule is. `certain`: the cluster itself says so. `likely`: what is seen has this pattern, and seldom another reason.
 * `possible`: one explanation among several.
 */
export type Confidence = 'certain' | 'likely' | 'possible';

/** A cause with the rule that named it and its reasons, in words a person on call understands. */
export interface Diagnosis {
  readonly cause: CauseKind;
  /** Name of the diagnosis rule that spoke. */
  readonly rule: string;
  readonly confidence: Confidence;
  readonly reasons: readonly string[];
  /** What else could explain it, the likeliest first. */
  readonly others: readonly OtherCause[];
}

/** A cause that another rule named. */
export interface OtherCause {
  readonly cause: CauseKind;
  readonly rule: string;
  readonly confidence: Confidence;
  readonly reason: string;
}
