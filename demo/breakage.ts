import type { FailureType } from '../incident/failure-type.ts';
import type { RemedyName } from '../incident/remedy.ts';
import type { Target } from '../incident/target.ts';

export const NAMESPACE = 'demo';

/** Something the demo breaks on purpose, and how it is to be healed. */
export interface Breakage {
  /** What is broken, as people read it. */
  readonly story: string;
  readonly failureType: FailureType;
  readonly target: Target;
  /** The only remedy that cures it. */
  readonly remedy: RemedyName;
  /** Takes away what an earlier demo left, and puts it there in good health where health comes before the failure. */
  prepare(): Promise<void>;
  break(): Promise<void>;
}
