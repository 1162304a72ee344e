/** The closed list of failures Paramedic knows; each names its workflow type. */
export const FAILURE_TYPES = [
  'podCrash',
  'networkTimeout',
  'outOfMemory',
  'modelServingFailure',
  'pipelineFailure',
  'capacityShortage',
  'dataQuality',
  'accuracyDegradation',
] as const;

export type FailureType = (typeof FAILURE_TYPES)[number];
