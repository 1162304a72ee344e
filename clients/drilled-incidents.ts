import type { Alert } from '../incident/alert.ts';
import type { Outcome } from '../incident/incident.ts';

/** An incident of a drill as Temporal shows it. */
interface IncidentSeen {
  readonly run: string;
  readonly phase: string | null;
  readonly cause: string | null;
  /** Null until it is over. */
  readonly outcome: Outcome | null;
}

/** The incidents that drills bring about. */
export interface DrilledIncidents {
  /**
   * Brings an alert to where all alerts are taken in.
   * @returns the incident that it began, joined or ended; or why there is none
   */
  take(alert: Alert): Promise<{ readonly incident: string } | { readonly why: string }>;
  /** Null as long as none has begun since then. */
  see(incident: string, sinceMs: number): Promise<IncidentSeen | null>;
  /** Ends an incident that is still open and began since then. */
  end(incident: string, sinceMs: number): Promise<void>;
}
