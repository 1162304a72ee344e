/** The closed list of what Paramedic can do to a target. */
export const REMEDIES = [
  'restart',
  'undoRelease',
  'raiseMemory',
  'rollBackModel',
  'retryJob',
  'retryJobWithMoreMemory',
  'suspendCronJob',
  'leaveNode',
  'scale',
  'undoPolicy',
  'freezePromotions',
  'retrain',
] as const;

export type RemedyName = (typeof REMEDIES)[number];

/** What a runbook may allow without a person where a failure is only contained, and not cured. */
export const CONTAINMENTS = ['freezePromotions'] as const;
