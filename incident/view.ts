import type { FailureType } from './failure-type.ts';
import type { TransientSigns } from './transient-signs.ts';

/** As whose failure a target is looked at: by that it is well or not, and causes are told apart. A runbook is one. */
export interface View {
  readonly failureType: FailureType;
  /** What the runbook says of failures that pass by themselves. */
  readonly transient?: TransientSigns;
}

/** As much of it as a look needs. */
export function viewOf({ failureType, transient }: View): View {
  return { failureType, ...(transient && { transient }) };
}
