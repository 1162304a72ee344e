import type { Diagnosis } from './diagnosis.ts';
import type { Action } from './remedy.ts';
import type { Target } from './target.ts';

/** What a person is told when Paramedic needs one. */
export interface Escalation {
  /** The incident's workflow id. */
  readonly incident: string;
  readonly target: Target;
  readonly diagnosis: Diagnosis | null;
  readonly actions: readonly Action[];
  readonly reason: string;
}

/** One line of the audit trail. */
export interface AuditEntry {
  readonly at: string;
  readonly incident: string;
  readonly step: 'Acting' | 'Acted' | 'Refused' | 'Verified' | 'Escalated';
  readonly text: string;
  readonly key?: string | undefined;
}
