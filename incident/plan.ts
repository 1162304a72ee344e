import type { Change } from './change.ts';
import type { RemedyName } from './remedy.ts';
import type { Verdict } from './verdict.ts';

/** A remedy made concrete for one target, bound to the state it was made for. */
export interface Plan {
  readonly remedy: RemedyName;
  readonly change: Change;
  /** The very object it was made for. */
  readonly uid: string;
  /** The target's `metadata.generation` it was made for; at another one the plan is void. */
  readonly generation: number;
  /** Pods that were ready then: fewer of them after the act is worse than before. */
  readonly readyBefore: number;
  /** Pods of the cluster that had no place then, as `namespace/name`: others after the act are worse than before. */
  readonly displacedBefore: readonly string[];
  /** Why this change and not another, where there was a choice. */
  readonly why: string;
}

/** One application of a plan, for the audit trail and the report. */
export interface Action {
  readonly remedy: RemedyName;
  readonly change: Change;
  /** Workflow id, run and attempt: the same key is the same act, however often it is asked for. */
  readonly key: string;
  readonly before: string;
  readonly after: string;
  /** ISO 8601, when the write was done. */
  readonly actedAt: string;
  /** ISO 8601, when verification had its verdict; null when there is none. */
  readonly verifiedAt: string | null;
  /** Null when the incident ended before it could be told. */
  readonly verdict: Verdict | null;
  /** It did not help and was taken back. */
  readonly undone: boolean;
}
