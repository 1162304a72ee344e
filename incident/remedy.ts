/** The closed list of what a runbook can try by itself. */
export const REMEDIES = [
  'restart',
  'undoRelease',
  'raiseMemory',
  'rollBackModel',
  'retryRun',
  'retryRunWithMoreMemory',
  'pauseSchedule',
  'leaveNode',
  'scale',
  'undoPolicy',
] as const;

/** What is only done where a person decides so, or a runbook allows it as containment. */
type Decided = 'freezePromotions' | 'retrain';

/** A remedy that a runbook can try by itself. */
export type Rung = (typeof REMEDIES)[number];

export type RemedyName = Rung | Decided;

/** What a runbook may allow without a person where a failure is only contained, and not cured. */
export const CONTAINMENTS = ['freezePromotions'] as const;
