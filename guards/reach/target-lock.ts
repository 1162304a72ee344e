import { type Guard, refuse } from '../guard.ts';
import { isSameRun, scopeOf } from '../ledger/leases.ts';

const LOOK_AGAIN_MS = 10_000;

/** One incident acts on a target at a time, and the target includes what it owns and what owns it. */
export const targetLock: Guard = ({ request, ledger, nowMs }) => {
  const scope = scopeOf(request);
  const other = ledger.holds.find((hold) => !isSameRun(hold, request) && hold.targets.some((target) => scope.includes(target)));
  if (!other) return null;
  const shared = other.targets.find((target) => scope.includes(target));
  return refuse('target-lock', `${other.incident} acts on ${shared}; only one incident may at a time.`, nowMs + LOOK_AGAIN_MS);
};
