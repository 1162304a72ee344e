import type { IncidentRun } from '../../incident/incident.ts';
import { type Suspect, suspectText } from '../../incident/suspect.ts';
import { type Target, targetText } from '../../incident/target.ts';
import { limitsOf } from '../guard.ts';
import type { LimitLayer } from '../limits.ts';
import { isSameRun } from './leases.ts';
import { FAILURES_MAX, type Failure, type Ledger, STORM_TARGETS_MAX, type Storm } from './ledger.ts';

/** When nothing else is shared, twice as many targets make a storm of the whole cluster. */
const CLUSTER_FACTOR = 2;
/** Of causes that explain as many targets, the first is taken. */
const ORDER: readonly Suspect['kind'][] = ['modelVersion', 'image', 'registry', 'dependency', 'node', 'zone', 'cluster'];

/** An incident has diagnosed a failure of its target. */
export interface FailureSeen extends IncidentRun {
  readonly target: Target;
  readonly suspects: readonly Suspect[];
  readonly limits: readonly LimitLayer[];
}

/** Enters a failure: a cure it follows too soon was none, and many at once are a storm. */
export function withFailure(ledger: Ledger, seen: FailureSeen): Ledger {
  const { incident, run, target } = seen;
  const suspects = [...seen.suspects, { kind: 'cluster' as const, name: target.cluster }];
  const earlier = ledger.failures.find((failure) => isSameRun(failure, seen));
  const failure: Failure = { incident, run, target: targetText(target), suspects, atMs: earlier?.atMs ?? ledger.latestMs, isOpen: true };
  const others = ledger.failures.filter((one) => one !== earlier);
  return withStorms(withRelapses({ ...ledger, failures: [...others, failure].slice(-FAILURES_MAX) }, seen), failure, seen);
}

function withRelapses(ledger: Ledger, seen: FailureSeen): Ledger {
  const target = targetText(seen.target);
  const within = Math.max(0, ...limitsOf(seen, ({ relapseSeconds }) => relapseSeconds).map(({ limit }) => limit));
  const nowMs = ledger.latestMs;
  const acts = ledger.acts.map((act) => {
    const isCure = act.target === target && act.outcome === 'recovered' && act.relapsedMs === null && !isSameRun(act, seen);
    return isCure && nowMs - (act.endedMs ?? nowMs) < within * 1000 ? { ...act, relapsedMs: nowMs } : act;
  });
  return { ...ledger, acts };
}

function withStorms(ledger: Ledger, failure: Failure, seen: FailureSeen): Ledger {
  const joined = ledger.storms.find(({ suspect }) => hasSuspect(failure, suspect));
  if (joined)
    return { ...ledger, storms: ledger.storms.map((storm) => (storm === joined ? joinedBy(storm, failure, ledger.latestMs) : storm)) };
  for (const { limit } of limitsOf(seen, ({ storm }) => storm)) {
    const found = stormOf(ledger, failure, limit);
    if (found) return { ...ledger, storms: [...ledger.storms, found] };
  }
  return ledger;
}

function stormOf({ failures, latestMs }: Ledger, { suspects }: Failure, limit: Storm['limit']): Storm | null {
  const recent = failures.filter(({ atMs }) => latestMs - atMs < limit.withinSeconds * 1000);
  const shared = suspects
    .map((suspect) => ({ suspect, targets: [...new Set(recent.filter((one) => hasSuspect(one, suspect)).map(({ target }) => target))] }))
    .filter(({ suspect, targets }) => targets.length >= limit.targets * (suspect.kind === 'cluster' ? CLUSTER_FACTOR : 1))
    .sort((a, b) => b.targets.length - a.targets.length || ORDER.indexOf(a.suspect.kind) - ORDER.indexOf(b.suspect.kind));
  // What everything shares explains nothing where something narrower is shared.
  const best = shared.find(({ suspect }) => suspect.kind !== 'cluster') ?? shared[0];
  if (!best) return null;
  const { suspect, targets } = best;
  return {
    suspect,
    targets: targets.slice(0, STORM_TARGETS_MAX),
    targetCount: targets.length,
    limit,
    sinceMs: latestMs,
    lastJoinedMs: latestMs,
  };
}

function joinedBy(storm: Storm, { target }: Failure, nowMs: number): Storm {
  if (storm.targets.includes(target)) return storm;
  const targets = [...storm.targets, target].slice(0, STORM_TARGETS_MAX);
  return { ...storm, targets, targetCount: storm.targetCount + 1, lastJoinedMs: nowMs };
}

/** Ends storms that nothing joined for a while and of which fewer targets still fail than make one. */
export function withoutPastStorms(ledger: Ledger): Ledger {
  const isOver = ({ suspect, lastJoinedMs, limit }: Storm) => {
    const stillFailing = new Set(ledger.failures.filter((one) => one.isOpen && hasSuspect(one, suspect)).map(({ target }) => target));
    return ledger.latestMs - lastJoinedMs >= limit.withinSeconds * 1000 && stillFailing.size < limit.targets;
  };
  return { ...ledger, storms: ledger.storms.filter((storm) => !isOver(storm)) };
}

function hasSuspect({ suspects }: Pick<Failure, 'suspects'>, suspect: Suspect): boolean {
  return suspects.some((one) => suspectText(one) === suspectText(suspect));
}
