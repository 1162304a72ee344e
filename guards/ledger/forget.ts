import { type Act, type Ledger, RETENTION_SECONDS } from './ledger.ts';

/** Going back is remembered longer, so that the way back and forth between two versions is recognised. */
const ROLLBACK_RETENTION_SECONDS = 90 * 86_400;
/** A message may come so late that names a permit which was not used. */
const UNUSED_SECONDS = 600;
const UNUSED_MAX = 100;
/** Sightings and closed failures older than this say nothing of now. */
const SIGHT_SECONDS = 86_400;

/** The record with its clock brought forward and without what no guard looks at any more. The clock is never put back. */
export function broughtTo(ledger: Ledger, clockMs: number): Ledger {
  const nowMs = Math.max(clockMs, ledger.latestMs);
  const isWithin = (atMs: number, seconds: number) => nowMs - atMs < seconds * 1000;
  const unused = new Set(ledger.acts.filter(({ outcome }) => outcome === 'unused').slice(-UNUSED_MAX));
  const isRemembered = (act: Act) => {
    const atMs = Math.max(act.grantedMs, act.endedMs ?? 0, act.relapsedMs ?? 0);
    if (act.outcome === null) return true;
    if (act.outcome === 'unused') return unused.has(act) && isWithin(atMs, UNUSED_SECONDS);
    return isWithin(atMs, act.rollback ? ROLLBACK_RETENTION_SECONDS : RETENTION_SECONDS);
  };
  return {
    ...ledger,
    latestMs: nowMs,
    acts: ledger.acts.filter(isRemembered),
    failures: ledger.failures.filter(({ isOpen, atMs }) => isOpen || isWithin(atMs, SIGHT_SECONDS)),
    freezes: ledger.freezes.filter(({ untilMs }) => untilMs === null || untilMs > nowMs),
    // A reset is forgotten no sooner than what it is about.
    resets: ledger.resets.filter(({ atMs }) => isWithin(atMs, ROLLBACK_RETENTION_SECONDS)),
    sightings: ledger.sightings.filter(({ atMs }) => isWithin(atMs, SIGHT_SECONDS)),
  };
}
