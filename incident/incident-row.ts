/** One incident as it is listed. What its workflow has not said yet is null. */
export interface IncidentRow {
  /** The workflow id, by which `incidents show` finds it. */
  readonly id: string;
  readonly runId: string;
  /** Broken: the workflow ended in a way no incident should, such as failed or terminated. */
  readonly state: 'open' | 'closed' | 'broken';
  /** `commonCause` of what leads while many targets fail that share something. */
  readonly failureType: string;
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly target: string | null;
  readonly mode: string | null;
  /** Null while no worker has begun it. */
  readonly phase: string | null;
  readonly cause: string | null;
  readonly remedy: string | null;
  readonly outcome: string | null;
  readonly startedAt: string;
  readonly closedAt: string | null;
  /** Its page in Temporal's Web UI; null where it is not known where that is. */
  readonly link: string | null;
}
