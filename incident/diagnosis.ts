/** What the evidence says is wrong. `unknown` is an honest answer and goes to a person. */
export type CauseKind =
  | 'healthy'
  | 'rolling-out'
  | 'bad-release'
  | 'image-missing'
  | 'bad-config'
  | 'memory-limit-too-low'
  | 'node-memory-short'
  | 'unschedulable'
  | 'flake'
  | 'bad-model-version'
  | 'unknown';

/** A cause with the rule that named it and its reasons, in words a person on call understands. */
export interface Diagnosis {
  readonly cause: CauseKind;
  /** Name of the diagnosis rule that spoke. */
  readonly rule: string;
  readonly reasons: readonly string[];
}
