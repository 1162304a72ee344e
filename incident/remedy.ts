/** The closed list of what Paramedic can do to a target. */
export const REMEDIES = ['restart', 'undoRelease', 'raiseMemory'] as const;

export type RemedyName = (typeof REMEDIES)[number];

/** What one application of a remedy did, for the audit trail and the report. */
export interface Action {
  readonly remedy: RemedyName;
  /** Workflow id, run and attempt: the same key is the same act, however often it is asked for. */
  readonly key: string;
  readonly before: string;
  readonly after: string;
}
