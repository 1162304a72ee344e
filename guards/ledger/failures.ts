import type { IncidentRun } from '../../incident/incident.ts';
import { isSameSuspect, type Suspect } from '../../incident/suspect.ts';
import { type Target, targetText } from '../../incident/target.ts';
import { limitsOf } from '../guard.ts';
import type { LimitLayer } from '../limits.ts';
import { withDemotionFor } from './demotions.ts';
import { isSameRun } from './leases.ts';
import { type Act, FAILURES_MAX, type Failure, type Ledger, STORM_TARGETS_MAX, STORMS_MAX, type Storm, SUSPECTS_MAX } from './ledger.ts';

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
  const narrow = seen.suspects.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)).slice(0, SUSPECTS_MAX - 1);
  const suspects = [...narrow, { kind: 'cluster' as const, name: target.cluster }];
  const earlier = ledger.failures.find((failure) => isSameRun(failure, seen));
  const failure: Failure = { incident, run, target: targetText(target), suspects, atMs: earlier?.atMs ?? ledger.latestMs, isOpen: true };
  const others = ledger.failures.filter((one) => one !== earlier);
  const failures = [...others, failure].slice(-FAILURES_MAX);
  return withRelapses({ ...ledger, failures, storms: stormsWith(ledger, failures, failure, seen) }, seen);
}

function withRelapses(ledger: Ledger, seen: FailureSeen): Ledger {
  const target = targetText(seen.target);
  const within = Math.max(0, ...limitsOf(seen, ({ relapseSeconds }) => relapseSeconds).map(({ limit }) => limit));
  const nowMs = ledger.latestMs;
  const isRelapse = (act: Act) => {
    const isCure = act.target === target && act.outcome === 'recovered' && act.relapsedMs === null && !isSameRun(act, seen);
    return isCure && nowMs - (act.endedMs ?? nowMs) < within * 1000;
  };
  const acts = ledger.acts.map((act) => (isRelapse(act) ? { ...act, relapsedMs: nowMs } : act));
  const relapsed = ledger.acts.filter(isRelapse);
  return relapsed.reduce<Ledger>((soFar, act) => withDemotionFor(soFar, act, `it had cured ${target}, which then failed again`), {
    ...ledger,
    acts,
  });
}

function stormsWith(before: Ledger, failures: readonly Failure[], failure: Failure, seen: FailureSeen): readonly Storm[] {
  const { latestMs } = before;
  // An incident tells of its target at every look; only what was not known to share it is news.
  const isKnown = ({ suspect }: Storm) => before.failures.some((one) => one.target === failure.target && hasSuspect(one, suspect));
  const storms = before.storms.map((storm) =>
    hasSuspect(failure, storm.suspect) && !isKnown(storm) ? joinedBy(storm, failure, latestMs) : storm,
  );
  for (const { limit } of limitsOf(seen, ({ storm }) => storm)) {
    const isRecent = ({ atMs }: Failure) => latestMs - atMs < limit.withinSeconds * 1000;
    const recent = failures.filter(isRecent);
    const found = sharedBy(recent, failure, limit.targets, storms);
    if (!found || storms.some(({ suspect }) => isSameSuspect(suspect, found.suspect))) continue;
    const failing = failures.filter((one) => one.isOpen || isRecent(one));
    const explained = storms.filter(({ suspect }) => explains(found, suspect, failing));
    if (explained.length === 0 && storms.some(({ suspect }) => hasSuspect(failure, suspect))) continue;
    return [...storms.filter((storm) => !explained.includes(storm)), stormOf(found, limit, latestMs)];
  }
  return storms;
}

interface Shared {
  readonly suspect: Suspect;
  readonly targets: readonly string[];
}

/** Whether what was found is narrower and shared by all that fail and share the other: then the other was a guess too early. */
function explains({ suspect, targets }: Shared, other: Suspect, failing: readonly Failure[]): boolean {
  return ORDER.indexOf(suspect.kind) < ORDER.indexOf(other.kind) && targetsOf(failing, other).every((target) => targets.includes(target));
}

/** What enough targets share with this one, the narrowest; null when nothing is. */
function sharedBy(recent: readonly Failure[], { suspects }: Failure, enough: number, storms: readonly Storm[]): Shared | null {
  const shared = suspects
    .map((suspect) => ({ suspect, targets: targetsOf(suspect.kind === 'cluster' ? unexplained(recent, storms) : recent, suspect) }))
    .filter(({ suspect, targets }) => targets.length >= enoughFor(suspect, enough))
    // Stable, and a failure's suspects stand by how narrow they are.
    .sort((a, b) => b.targets.length - a.targets.length);
  // What everything shares explains nothing where something narrower is shared.
  const best = shared.find(({ suspect }) => suspect.kind !== 'cluster') ?? shared[0] ?? null;
  // So many causes at once have one above them.
  return best && storms.length >= STORMS_MAX - 1 ? { ...best, suspect: suspects.at(-1)! } : best;
}

function enoughFor({ kind }: Suspect, enough: number): number {
  return kind === 'cluster' ? enough * CLUSTER_FACTOR : enough;
}

/** A storm that is known already says nothing of the whole cluster. */
function unexplained(failures: readonly Failure[], storms: readonly Storm[]): readonly Failure[] {
  return failures.filter((one) => !storms.some(({ suspect }) => hasSuspect(one, suspect)));
}

function targetsOf(failures: readonly Failure[], suspect: Suspect): readonly string[] {
  return [...new Set(failures.filter((one) => hasSuspect(one, suspect)).map(({ target }) => target))];
}

function stormOf({ suspect, targets }: Shared, limit: Storm['limit'], nowMs: number): Storm {
  const named = targets.slice(0, STORM_TARGETS_MAX);
  return { suspect, targets: named, targetCount: targets.length, limit, sinceMs: nowMs, lastJoinedMs: nowMs };
}

function joinedBy(storm: Storm, { target }: Failure, nowMs: number): Storm {
  const targets = [...storm.targets, target].slice(0, STORM_TARGETS_MAX);
  return { ...storm, targets, targetCount: storm.targetCount + 1, lastJoinedMs: nowMs };
}

/** Ends storms that nothing joined for a while and of which fewer targets still fail than make one. */
export function withoutPastStorms(ledger: Ledger): Ledger {
  const isOver = ({ suspect, lastJoinedMs, limit }: Storm) => {
    if (ledger.latestMs - lastJoinedMs < limit.withinSeconds * 1000) return false;
    const stillFailing = targetsOf(
      ledger.failures.filter(({ isOpen }) => isOpen),
      suspect,
    );
    return stillFailing.length < enoughFor(suspect, limit.targets);
  };
  return { ...ledger, storms: ledger.storms.filter((storm) => !isOver(storm)) };
}

function hasSuspect({ suspects }: Pick<Failure, 'suspects'>, suspect: Suspect): boolean {
  return suspects.some((one) => isSameSuspect(one, suspect));
}
