import type { Asked, Guard } from './guard.ts';
import { wholeRecord } from './ledger/record-guard.ts';
import { demotion } from './people/demotion.ts';
import { freeze } from './people/freeze.ts';
import { gitops } from './people/gitops.ts';
import { optOut } from './people/opt-out.ts';
import { personAtWork } from './people/person-at-work.ts';
import type { Permit } from './permit.ts';
import { blastRadius } from './reach/blast-radius.ts';
import { rateLimit, rateLimitOfAll } from './reach/rate-limit.ts';
import { stormBrake } from './reach/storm-brake.ts';
import { targetLock } from './reach/target-lock.ts';
import { attemptCapOfIncident, attemptCapOfTarget } from './repetition/attempt-cap.ts';
import { backoff } from './repetition/backoff.ts';
import { circuitBreaker } from './repetition/circuit-breaker.ts';
import { flapping } from './repetition/flapping.ts';
import { rollbackDepth } from './repetition/rollback-depth.ts';
import { clocks } from './sight/clocks.ts';
import { currentPlan } from './sight/current-plan.ts';
import { readable } from './sight/readable.ts';
import { silence } from './sight/silence.ts';
import { vanished } from './sight/vanished.ts';

/** What an office speaks for: one cluster, or what all clusters share. */
export type OfficeScope = 'cluster' | 'allClusters';

/**
 * Every guard in the order asked. What people said comes first; then whether we see at all; then what is above the target;
 * then who else is there, what was tried, and how much is too much; last, whether a machine may do alone what nothing else forbids. The first that refuses is the one people read.
 */
const GUARDS: Readonly<Record<OfficeScope, readonly Guard[]>> = {
  cluster: [
    ...[wholeRecord, freeze, optOut, personAtWork],
    ...[readable, clocks, silence, vanished, currentPlan, gitops],
    ...[stormBrake, targetLock],
    ...[attemptCapOfIncident, rollbackDepth, flapping, attemptCapOfTarget, circuitBreaker, backoff],
    ...[blastRadius, rateLimit],
    ...[demotion],
  ],
  allClusters: [wholeRecord, freeze, rateLimitOfAll],
};

/** May this plan be carried out now? Pure: the same facts, limits and time always get the same answer. */
export function decide(asked: Asked, scope: OfficeScope): Permit {
  for (const guard of GUARDS[scope]) {
    const refusal = guard(asked);
    if (refusal) return refusal;
  }
  return { kind: 'granted' };
}
