import type { IncidentRun } from '../incident/incident.ts';

/** What activities need of Temporal about permit offices and the incidents they keep permits for. */
export interface PermitOffices {
  /**
   * Makes sure that the office is open, with the record of the one before it where there was one.
   * @param cluster null: the office of what all clusters share
   * @param isLastTry a record that cannot be read now counts as lost, so that a person can vouch for a new one
   */
  open(cluster: string | null, isLastTry?: boolean): Promise<void>;
  /**
   * Says something to the office, which is opened where there is none, and waits for what it says to that. What both say is theirs.
   * @throws when the office cannot be reached or opened just now.
   */
  say(cluster: string | null, saying: object, isLastTry: boolean): Promise<unknown>;
  /** Why a permit of the cluster no longer holds, as a sentence; null when it does. @throws when an office cannot be asked. */
  whyVoid(cluster: string, id: string): Promise<string | null>;
  /** Those of the incidents whose workflows are no longer open, however they ended. */
  closedOf(incidents: readonly IncidentRun[]): Promise<readonly IncidentRun[]>;
}

/** Raised when a permit no longer holds directly before the write: nothing was written. */
export class PermitVoid extends Error {}

/** Raised when no worker takes in time what a permit office is told or asked. Whether it is taken later is not known. */
export class NoAnswer extends Error {}
