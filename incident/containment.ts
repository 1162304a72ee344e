import type { Change } from './change.ts';
import { type Evidence, isRun } from './evidence.ts';

/** Whether a target shows that a change which contains its failure is in place. What no kind of target shows is not. */
export function isContained(change: Change, evidence: Evidence): boolean {
  switch (change.kind) {
    case 'schedule':
      return isRun(evidence) && evidence.schedule !== null && (evidence.schedule?.suspendedBy != null) === (change.to === 'suspended');
    default:
      return false;
  }
}
