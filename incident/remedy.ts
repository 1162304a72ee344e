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
] as const;

export type RemedyName = (typeof REMEDIES)[number];
