import { defineSearchAttributeKey } from '@temporalio/common';

/** What incidents can be listed by. Registered by the worker when it starts. */
export const incidentAttributes = {
  failureType: defineSearchAttributeKey('ParamedicFailureType', 'KEYWORD'),
  cluster: defineSearchAttributeKey('ParamedicCluster', 'KEYWORD'),
  namespace: defineSearchAttributeKey('ParamedicNamespace', 'KEYWORD'),
  target: defineSearchAttributeKey('ParamedicTarget', 'KEYWORD'),
  mode: defineSearchAttributeKey('ParamedicMode', 'KEYWORD'),
  phase: defineSearchAttributeKey('ParamedicPhase', 'KEYWORD'),
  cause: defineSearchAttributeKey('ParamedicCause', 'KEYWORD'),
  remedy: defineSearchAttributeKey('ParamedicRemedy', 'KEYWORD'),
  /** Fingerprints of the alerts that joined, so that a resolution finds its incident even when its pod is gone. */
  alerts: defineSearchAttributeKey('ParamedicAlerts', 'KEYWORD_LIST'),
  outcome: defineSearchAttributeKey('ParamedicOutcome', 'KEYWORD'),
  /** It was brought about on purpose; not there on any other. */
  drill: defineSearchAttributeKey('ParamedicDrill', 'BOOL'),
};
