import type { Diagnosis } from './diagnosis.ts';
import type { FailureType } from './failure-type.ts';
import { isSideOfOutage } from './one-failure.ts';
import type { Action } from './plan.ts';
import type { Suspect } from './suspect.ts';
import type { Target } from './target.ts';

/**
 * How an incident ends. `observed` is observe mode's end: what would have been done is told, and nothing was.
 * `contained`: a person decided that it must not spread, and what is broken is theirs to mend. `dismissed`: a person decided that it is
 * none. `cancelled`: a person ended it.
 */
export const OUTCOMES = ['selfResolved', 'recovered', 'escalated', 'observed', 'contained', 'dismissed', 'cancelled'] as const;

export type OutcomeKind = (typeof OUTCOMES)[number];

/** The end of an incident with everything a report needs. */
export interface Outcome {
  readonly kind: OutcomeKind;
  readonly diagnosis: Diagnosis | null;
  readonly actions: readonly Action[];
  readonly reason: string;
}

/** One failure of one target is one workflow, by whatever side of it an alert tells: the id is built so that alerts about it join. */
export function incidentWorkflowId(failureType: FailureType, target: Target): string {
  const type = failureType.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [isSideOfOutage(failureType) ? 'outage' : type, ...targetPath(target)].join('/');
}

/** One run of an incident's workflow. */
export interface IncidentRun {
  readonly incident: string;
  readonly run: string;
}

/** The workflow that grants permits for a cluster; null: for what all clusters share. */
export function permitOfficeWorkflowId(cluster: string | null): string {
  return cluster === null ? 'permit-office-of-all-clusters' : `permit-office/${cluster}`;
}

/** The workflow that holds what came for a cluster in large bodies, until its incidents have it. */
export function intakeWorkflowId(cluster: string): string {
  return `intake/${cluster}`;
}

/** The workflow that leads while many targets of a cluster fail that share a suspect. */
export function commonCauseWorkflowId(cluster: string, { kind, name }: Suspect): string {
  return ['common-cause', cluster, kind, name].join('/');
}

function targetPath({ cluster, namespace, kind, name }: Target): string[] {
  return [cluster, namespace, kind, name];
}
