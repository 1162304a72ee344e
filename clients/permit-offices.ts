import type { IncidentRun } from '../incident/incident.ts';

/** What activities need of Temporal about permit offices and the incidents they keep permits for. */
export interface PermitOffices {
  /**
   * Makes sure that the office is open, with the record of the one before it where there was one.
   * @param cluster null: the office of what all clusters share
   */
  open(cluster: string | null): Promise<void>;
  /** Why a permit of the cluster no longer holds, as a sentence; null when it does. @throws when an office cannot be asked. */
  whyVoid(cluster: string, id: string): Promise<string | null>;
  /** Those of the incidents whose workflows are no longer open, however they ended. */
  closedOf(incidents: readonly IncidentRun[]): Promise<readonly IncidentRun[]>;
}

/** Raised when a permit no longer holds directly before the write: nothing was written. */
export class PermitVoid extends Error {}

/** Raised when no worker takes in time what a permit office is told or asked. Whether it is taken later is not known. */
export class NoAnswer extends Error {}
