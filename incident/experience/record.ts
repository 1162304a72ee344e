import type { FailureType } from '../failure-type.ts';
import type { Judgement, Lesson } from './lesson.ts';
import type { Row } from './row.ts';

/** An incident that taught something, as long as it can still be put right. */
export interface Remembered extends Lesson {
  /** Epoch milliseconds, when it was learned. */
  readonly learnedMs: number;
  /** After what time the same target failed again; null where it did not, or so late that it is another failure. Not each is a relapse. */
  readonly returnedAfterSeconds: number | null;
  readonly judgement: Judgement | null;
}

/** All that is known of one failure type in one cluster. */
export interface Experience {
  readonly rows: readonly Row[];
  /** The newest first. */
  readonly incidents: readonly Remembered[];
}

export const NO_EXPERIENCE: Experience = { rows: [], incidents: [] };

/** Rows that are kept; those with the least in them go first. */
export const ROWS_MAX = 200;
/** Incidents that are kept, so that none teaches twice, a relapse finds its cure, and a person can put one right. */
export const INCIDENTS_MAX = 300;
/** Lengths of time kept of a row. */
export const TIMES_MAX = 20;
/** Acts and decisions kept of an incident; no runbook allows so many. */
export const ACTS_MAX = 20;
/** Targets kept of a row. */
export const TARGETS_MAX = 5;

/** The workflow that keeps what was learned of a failure type in a cluster. */
export function experienceWorkflowId(cluster: string, failureType: FailureType): string {
  return `experience/${cluster}/${failureType}`;
}
