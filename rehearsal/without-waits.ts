import type { LimitLayer } from '../guards/limits.ts';
import type { Runbook } from '../runbooks/schema.ts';

/** Long enough for whoever answers here, and for a machine that is busy. */
const ANSWERED_WITHIN_SECONDS = 60;
const SHORT_SECONDS = 1;
/** Longer than it takes to tell a failure that passes that it has passed. */
const PATIENCE_SECONDS = 2;

/** A runbook that decides as this one does, and waits for nothing on purpose. @param isAnswered false: nobody says anything to what is asked */
export function withoutWaits(runbook: Runbook, isAnswered: boolean): Runbook {
  return {
    ...runbook,
    settleSeconds: 0,
    alertEndsSeconds: SHORT_SECONDS,
    flapping: { ...runbook.flapping, quietSeconds: 0 },
    attempts: { ...runbook.attempts, backoffFirstSeconds: 0, backoffMaxSeconds: 0 },
    verify: { stableSeconds: 0, timeoutSeconds: 0 },
    patienceSeconds: PATIENCE_SECONDS,
    approval: { ...runbook.approval, withinSeconds: isAnswered ? ANSWERED_WITHIN_SECONDS : SHORT_SECONDS },
    // Nobody is told anything.
    escalation: null,
    slackChannel: null,
  };
}

/** Limits as far as they hang on the incident itself: neither on the time of day nor on what stands outside of its cluster. */
export function ownLimits(layers: readonly LimitLayer[]): readonly LimitLayer[] {
  return layers.map(({ from, limits: { freezes: _freezes, silenceSeconds: _silence, rates, ...limits } }) => {
    const { allClusters: _all, ...own } = rates ?? {};
    return { from, limits: { ...limits, ...(rates ? { rates: own } : {}) } };
  });
}

/** What is waited for on purpose, of which a rehearsal skips all. */
export interface Waits {
  /** Before the first look. */
  readonly settle: number;
  /** For health to come after an act, and for how long it must last. */
  readonly verify: number;
  readonly stable: number;
  /** Before each further attempt. */
  readonly backoff: readonly number[];
  /** For an answer. */
  readonly answer: number;
}

/** In seconds. */
export function waitsOf({ settleSeconds, verify, attempts, approval }: Runbook): Waits {
  const { max, backoffFirstSeconds, backoffFactor, backoffMaxSeconds } = attempts;
  const backoff = Array.from({ length: max - 1 }, (_, index) => Math.min(backoffMaxSeconds, backoffFirstSeconds * backoffFactor ** index));
  const { timeoutSeconds, stableSeconds } = verify;
  return { settle: settleSeconds, verify: timeoutSeconds, stable: stableSeconds, backoff, answer: approval.withinSeconds };
}
