import type { LimitLayer } from '../guards/limits.ts';
import type { Alert } from '../incident/alert.ts';
import type { FailureType } from '../incident/failure-type.ts';
import type { Person } from '../incident/person.ts';
import type { Runbook } from '../runbooks/schema.ts';

/** By what an incident is handled. The validated runbook and the limits are pinned: later edits change nothing here. */
export interface Policy {
  readonly runbook: Runbook;
  /** Names the very content of the runbook; absent where whoever began it does not say. */
  readonly runbookVersion?: string | undefined;
  /** Of cluster, namespace and runbook; all apply at once. */
  readonly limits: readonly LimitLayer[];
}

/** An alert that is not over. */
export interface FiringAlert {
  readonly alert: Alert;
  /** What it would have begun, had no incident of the target been open; null where whoever sent it does not say. */
  readonly policy: Policy | null;
}

/** The alerts of an incident, as one of its runs hands them to the next. */
export interface CarriedAlerts {
  readonly firing: readonly FiringAlert[];
  /** Fingerprints of all that ever joined. */
  readonly joined: readonly string[];
  readonly relapses: number;
  readonly raisedBy: readonly Person[];
}

/** What one run of an incident hands to the next, which goes on as another failure type. */
export interface Carried {
  /** ISO 8601. */
  readonly openedAt: string;
  readonly story: readonly string[];
  readonly alerts: CarriedAlerts;
  /** What it was looked into as in vain, and is not taken for again. */
  readonly lookedInto: readonly FailureType[];
}
