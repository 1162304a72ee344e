/** The closed list of guards, in the words people read. */
export const GUARDS = [
  'record',
  'freeze',
  'opt-out',
  'sight',
  'clocks',
  'current-plan',
  'gitops',
  'demotion',
  'person-at-work',
  'storm-brake',
  'target-lock',
  'attempt-cap',
  'backoff',
  'circuit-breaker',
  'flapping',
  'rollback-depth',
  'rate-limit',
  'blast-radius',
] as const;

export type GuardName = (typeof GUARDS)[number];

/** Why not, and until when. */
export interface Refusal {
  readonly kind: 'refused';
  readonly guard: GuardName;
  /** Whole sentences for a tired person. */
  readonly reason: string;
  /** Epoch milliseconds when asking again makes sense; null when no waiting helps. */
  readonly retryAtMs: number | null;
}

/** The permit office's answer. A granted permit is a lease: it is open until its outcome is reported, or its incident is gone. */
export type Permit = { readonly kind: 'granted' } | Refusal;
