import { type Act, type Ledger, RETENTION_SECONDS } from './ledger.ts';

/** Going back is remembered longer, so that the way back and forth between two versions is recognised. */
const ROLLBACK_RETENTION_SECONDS = 90 * 86_400;
/** Sightings and closed failures older than this say nothing of now. */
const SIGHT_SECONDS = 86_400;

/** The record with its clock brought forward and without what no guard looks at any more. The clock is never put back. */
export function broughtTo(ledger: Ledger, clockMs: number): Ledger {
  const nowMs = Math.max(clockMs, ledger.latestMs);
  const isWithin = (atMs: number, seconds: number) => nowMs - atMs < seconds * 1000;
  const isRemembered = (act: Act) =>
    act.outcome === null ||
    isWithin(Math.max(act.grantedMs, act.endedMs ?? 0), act.rollback ? ROLLBACK_RETENTION_SECONDS : RETENTION_SECONDS);
  return {
    ...ledger,
    latestMs: nowMs,
    acts: ledger.acts.filter(isRemembered),
    failures: ledger.failures.filter(({ isOpen, atMs }) => isOpen || isWithin(atMs, SIGHT_SECONDS)),
    freezes: ledger.freezes.filter(({ untilMs }) => untilMs === null || untilMs > nowMs),
    resets: ledger.resets.filter(({ atMs }) => isWithin(atMs, RETENTION_SECONDS)),
    sightings: ledger.sightings.filter(({ atMs }) => isWithin(atMs, SIGHT_SECONDS)),
  };
}
