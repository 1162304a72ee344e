import type { AuditEntry } from '../../incident/audit-entry.ts';
import type { IncidentRun } from '../../incident/incident.ts';
import type { BillableActions } from './billable.ts';

/** A message that people were sent about an incident, once a channel had taken it. */
export interface Sent {
  readonly kind: 'page' | 'question' | 'reminder';
  readonly atMs: number;
}

/** A phase of an incident, as people list it, and since when it was in it. */
export interface PhaseSince {
  readonly phase: string;
  readonly sinceMs: number;
}

/** A time in which something was waited for by a timer. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is said of an incident when it begins. */
export interface RunAbout {
  /** Its workflow's type: a failure type, or `commonCause` of what leads while many targets fail that share something. */
  readonly type: string;
  readonly target: AuditEntry['target'] | null;
  readonly runbook: string | null;
  readonly mode: AuditEntry['mode'] | null;
}

/** One run of an incident's workflow, as Temporal has kept it. */
export interface RunRead extends IncidentRun, RunAbout {
  /** When the incident began, which went on in this run perhaps. ISO 8601. */
  readonly openedAt: string;
  readonly startedMs: number;
  /** Null: it goes on. */
  readonly endedMs: number | null;
  /** `continued`: it went on in another run. `broken`: it ended as no incident should, such as failed or terminated. */
  readonly end: 'open' | 'closed' | 'continued' | 'broken';
  readonly entries: readonly AuditEntry[];
  readonly phases: readonly PhaseSince[];
  /** Timers that were begun while it was diagnosed: somebody's rollout or run is waited for. */
  readonly waits: readonly Interval[];
  readonly sent: readonly Sent[];
  /** In the period. */
  readonly actions: BillableActions;
}

/** What a person said of an incident, in an update of what keeps what was learned. */
export interface Judgement {
  readonly incident: string;
  /** Null: its newest. */
  readonly run: string | null;
  readonly says: 'right' | 'wrong';
  readonly atMs: number;
}

/** Workflows of one type that run beside incidents, such as permit offices, and what they took in the period. */
export interface Beside {
  readonly type: string;
  readonly runs: number;
  readonly actions: BillableActions;
}
