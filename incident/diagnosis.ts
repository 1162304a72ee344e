/** What the evidence says is wrong. `unknown` is an honest answer and goes to a person. */
export type CauseKind =
  | 'healthy'
  | 'rolling-out'
  | 'bad-release'
  | 'image-missing'
  | 'bad-config'
  | 'memory-limit-too-low'
  | 'node-memory-short'
  | 'bad-node'
  | 'node-disk-short'
  | 'memory-leak'
  | 'config-changed'
  | 'probe-failing'
  | 'quota-exhausted'
  | 'pod-refused'
  | 'taint-not-tolerated'
  | 'affinity-unsatisfiable'
  | 'volume-pending'
  | 'gpu-short'
  | 'too-large-for-any-node'
  | 'nodes-full'
  | 'unschedulable'
  | 'flake'
  | 'bad-model-version'
  | 'transient'
  | 'bad-input'
  | 'code-error'
  | 'credential-expired'
  | 'deadline-exceeded'
  | 'stuck'
  | 'missed-schedule'
  | 'still-running'
  | 'held-by-person'
  | 'autoscaler-at-maximum'
  | 'autoscaler-blind'
  | 'scaler-paused'
  | 'replicas-fixed-too-low'
  | 'scaled-to-zero'
  | 'upstream-failed'
  | 'schema-changed'
  | 'data-late'
  | 'data-volume'
  | 'null-share'
  | 'new-version-worse'
  | 'input-drift'
  | 'prediction-drift'
  | 'accuracy-dropped'
  | 'selector-matches-nothing'
  | 'wrong-target-port'
  | 'policy-cuts-path'
  | 'dependency-down'
  | 'dns-down'
  | 'certificate-expired'
  | 'no-endpoints'
  /** Everything on the paths is as it should be: the failure may pass by itself, and whoever raised the alert can tell. */
  | 'unknown';

/**
 * How sure a rule is. `certain`: the cluster itself says so. `likely`: what is seen has this pattern, and seldom another reason.
 * `possible`: one explanation among several.
 */
export type Confidence = 'certain' | 'likely' | 'possible';

/** A cause with the rule that named it and its reasons, in words a person on call understands. */
export interface Diagnosis {
  readonly cause: CauseKind;
  /** Name of the diagnosis rule that spoke. */
  readonly rule: string;
  readonly confidence: Confidence;
  readonly reasons: readonly string[];
  /** What else could explain it, the likeliest first. */
  readonly others: readonly OtherCause[];
}

/** A cause that another rule named. */
export interface OtherCause {
  readonly cause: CauseKind;
  readonly rule: string;
  readonly confidence: Confidence;
  readonly reason: string;
}
