import type { Diagnosis } from './diagnosis.ts';
import type { FailureType } from './failure-type.ts';
import type { Action } from './remedy.ts';
import type { Target } from './target.ts';

/** How an incident ends. `observed` is observe mode's end: what would have been done, and nothing was. */
export type OutcomeKind = 'selfResolved' | 'recovered' | 'escalated' | 'observed';

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
  return [type, target.cluster, target.namespace, target.kind, target.name].join('/');
}
