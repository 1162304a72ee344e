import type { CauseKind } from '../cause.ts';
import type { IncidentRun } from '../incident.ts';
import type { PeopleDid } from '../people-did.ts';
import type { RemedyName } from '../remedy.ts';
import type { Target } from '../target.ts';
import type { Verdict } from '../verdict.ts';

/** How a try to cure ended. `late`: the target was found well, but only after it was no longer waited for. */
export const TRY_ENDS = ['recovered', 'failed', 'worse', 'late', 'unknown'] as const;

export type TryEnd = (typeof TRY_ENDS)[number];

/** One act that was to cure, and what became of it. */
export interface Tried {
  readonly cause: CauseKind;
  readonly remedy: RemedyName;
  readonly end: TryEnd;
  /** From the act until the target was well; null where it was not seen to recover. */
  readonly seconds: number | null;
  /** Nothing was tried before it in the incident. */
  readonly isFirst: boolean;
}

/** What a person said to a plan before it was carried out. Silence says nothing of a remedy. */
export interface Decision {
  readonly cause: CauseKind;
  readonly remedy: RemedyName;
  readonly answer: 'approved' | 'rejected';
}

/** What would have been done about a failure that went away, and what others did about it. */
export interface Observation {
  readonly cause: CauseKind;
  readonly remedy: RemedyName;
  readonly did: PeopleDid;
}

/** What one incident teaches, once nothing more is done in it. */
export interface Lesson extends IncidentRun {
  readonly target: Target;
  /** Epoch milliseconds, when it began. */
  readonly openedMs: number;
  /** Epoch milliseconds, when it was seen to have recovered; null where it was by no act, or not at all. */
  readonly curedMs: number | null;
  /** Acts that were to cure, in order. */
  readonly tried: readonly Tried[];
  readonly decisions: readonly Decision[];
  /** Null where it did more than observe, or the failure did not go away while it was watched. */
  readonly observed: Observation | null;
  /** A target that fails again so soon after a cure was not cured. */
  readonly relapseSeconds: number;
}

/** What a person says of an incident that has ended. */
export interface Judgement {
  /** Null: only the cause is put right. */
  readonly says: 'right' | 'wrong' | null;
  /** Of what was tried, by which remedy it was; null: of all. */
  readonly remedy: RemedyName | null;
  /** The real cause; null: as it was diagnosed. */
  readonly cause: CauseKind | null;
  readonly by: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** How a try ended, by its verdict; null where nothing is learned of a cure: it was to contain, or the incident ended before. */
export function endOf(verdict: Verdict | null): TryEnd | null {
  switch (verdict?.kind) {
    case undefined:
    case 'contained':
      return null;
    case 'notRecovered':
      return 'failed';
    case 'recovered':
    case 'worse':
    case 'unknown':
      return verdict.kind;
    default:
      return verdict satisfies undefined;
  }
}
