import type { Diagnosis } from './diagnosis.ts';
import type { FailureType } from './failure-type.ts';
import type { Action } from './plan.ts';
import type { Target } from './target.ts';

/**
 * How an incident ends. `observed` is observe mode's end: what would have been done is told, and nothing was.
 * `cancelled`: a person ended it.
 */
export type OutcomeKind = 'selfResolved' | 'recovered' | 'escalated' | 'observed' | 'cancelled';

/** The end of an incident with everything a report needs. */
export interface Outcome {
  readonly kind: OutcomeKind;
  readonly diagnosis: Diagnosis | null;
  readonly actions: readonly Action[];
  readonly reason: string;
}

/** One failure of one target is one workflow: the id is built from both, so that alerts about it join. */
export function incidentWorkflowId(failureType: FailureType, target: Target): string {
  const type = failureType.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [type, ...targetPath(target)].join('/');
}

/** The workflow whose being open means that an incident acts on the target, whatever its failure type. */
export function targetLockWorkflowId(target: Target): string {
  return ['target-lock', ...targetPath(target)].join('/');
}

function targetPath({ cluster, namespace, kind, name }: Target): string[] {
  return [cluster, namespace, kind, name];
}
