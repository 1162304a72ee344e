import type { CauseKind } from '../incident/cause.ts';
import type { Lesson } from '../incident/experience/lesson.ts';
import type { Experience } from '../incident/experience/record.ts';
import type { Row } from '../incident/experience/row.ts';
import type { FailureType } from '../incident/failure-type.ts';
import type { TargetKind } from '../incident/target.ts';

/** One failure type of one cluster. */
export interface ExperienceRef {
  readonly cluster: string;
  readonly failureType: FailureType;
}

/** Where what was learned of all failure types is kept. */
export interface ExperienceKeeper {
  /** What is known of every remedy for a cause on a kind of target. @throws when it cannot be read just now */
  recall(of: ExperienceRef, cause: CauseKind, kind: TargetKind): Promise<readonly Row[]>;
  /** All of it; null where there is none. @throws when it cannot be read just now */
  kept(of: ExperienceRef): Promise<Experience | null>;
  /** Begins it where there is none. @throws when Temporal cannot be reached */
  learn(of: ExperienceRef, lesson: Lesson): Promise<void>;
}
