import type { Diagnosis } from './diagnosis.ts';
import type { Person } from './person.ts';
import type { Action } from './plan.ts';
import type { Target } from './target.ts';

/** What a person is told when Paramedic needs one. */
export interface Escalation {
  /** The incident's workflow id. */
  readonly incident: string;
  /** The incident's run, so that a repeated message is known as one. */
  readonly run: string;
  /** Null where many targets are meant; the reason names them. */
  readonly target: Target | null;
  readonly diagnosis: Diagnosis | null;
  /** What was done, with verdicts; what was taken back is marked. */
  readonly actions: readonly Action[];
  readonly reason: string;
  /** What a person should do next. */
  readonly nextStep: string;
  /** Commands to look closer and to mend it by hand, for this very target. */
  readonly commands: readonly string[];
  /** All of it on one page of plain text. */
  readonly page: string;
  /** What to know before, a sentence each, where there is more than the diagnosis. */
  readonly briefing?: readonly string[] | undefined;
}

/** A step of an incident that the audit trail tells. */
type AuditStep =
  | 'Acting'
  | 'Acted'
  | 'NotActed'
  | 'Refused'
  | 'Verified'
  | 'Undoing'
  | 'Undone'
  | 'NotUndone'
  | 'Confirming'
  | 'Confirmed'
  /** A person's leave was asked for a plan; what became of that are the next three. */
  | 'Asked'
  /** A person's decision did not count. */
  | 'DecisionRefused'
  /** A person wants another one to decide. */
  | 'HandedOn'
  | 'Approved'
  | 'Rejected'
  | 'Voided'
  /** A person chose one of the options. */
  | 'Decided'
  /** A channel did not take a message. */
  | 'NotTold'
  /** What became of an act, or another entry, is missing. */
  | 'NotReported'
  | 'Escalated'
  | 'Closed';

/** One line of the audit trail. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  /** The incident's workflow id. */
  readonly incident: string;
  readonly step: AuditStep;
  readonly text: string;
  /** Of the act this is about. */
  readonly key?: string | undefined;
  /** The person who decided, or gave a command. */
  readonly who?: Person | undefined;
}
