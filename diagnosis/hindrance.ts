import type { CauseKind } from '../incident/cause.ts';
import type { Difference } from '../incident/difference.ts';

/** What keeps pods from being made or from starting, and what of a release could have brought it. */
export interface Hindrance {
  readonly cause: CauseKind;
  readonly reason: string;
  readonly broughtBy: readonly Difference['what'][];
}
