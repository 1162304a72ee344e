/** What the evidence says is wrong. `unknown` is an honest answer and goes to a person. */
export type CauseKind = 'healthy' | 'bad-release' | 'image-missing' | 'bad-config' | 'memory-limit-too-low' | 'flake' | 'unknown';

/** A cause with the reasons that led to it, in words a person on call understands. */
export interface Diagnosis {
  readonly cause: CauseKind;
  readonly reasons: readonly string[];
}
