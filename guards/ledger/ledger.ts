import type { IncidentRun } from '../../incident/incident.ts';
import type { RemedyName } from '../../incident/remedy.ts';
import type { Rollback } from '../../incident/rollback.ts';
import type { Suspect } from '../../incident/suspect.ts';
import type { LimitLayer } from '../limits.ts';
import type { Refusal } from '../permit.ts';

/**
 * What became of a permit. `unused`: nothing was written. `ineffective`: it did not help. `failed`: it could not be done. `worse`: it made
 * things worse. `inconclusive`: nobody knows, which is never taken for success.
 */
export type ActOutcome = 'recovered' | 'ineffective' | 'failed' | 'worse' | 'inconclusive' | 'unused';

/** One permit granted, and what became of it. Open, and a lease, until it has an outcome. */
export interface Act extends IncidentRun {
  readonly id: string;
  readonly runbook: string;
  readonly remedy: RemedyName;
  /** A person wanted it. */
  readonly isApproved: boolean;
  readonly namespace: string;
  /** `namespace/Kind/name`. */
  readonly target: string;
  readonly rollback: Rollback | null;
  readonly nodes: readonly string[];
  /** Epoch milliseconds, as all times here. */
  readonly grantedMs: number;
  /** Latest time at which it may have been written; null while it is not known. */
  readonly actedMs: number | null;
  readonly outcome: ActOutcome | null;
  readonly endedMs: number | null;
  /** The target failed again too soon after this cure. */
  readonly relapsedMs: number | null;
}

/** An incident acts on targets, and nobody else does meanwhile. */
export interface Hold extends IncidentRun {
  readonly targets: readonly string[];
  readonly sinceMs: number;
}

/** A target seen failing, by the incident about it. */
export interface Failure extends IncidentRun {
  readonly target: string;
  readonly suspects: readonly Suspect[];
  readonly atMs: number;
  readonly isOpen: boolean;
}

/** Many targets fail at once, and this is what they have in common. */
export interface Storm {
  readonly suspect: Suspect;
  readonly sinceMs: number;
  readonly lastJoinedMs: number;
  /** The first of them, by name; past `STORM_TARGETS_MAX` they are only counted. */
  readonly targets: readonly string[];
  readonly targetCount: number;
  /** The limit that called it one. */
  readonly limit: { readonly targets: number; readonly withinSeconds: number };
}

/** A stop that a person called. */
export interface Freeze {
  /** Null: in every namespace. */
  readonly namespace: string | null;
  /** Null: for every runbook. */
  readonly runbook: string | null;
  readonly by: string;
  readonly reason: string;
  readonly sinceMs: number;
  /** Null: until it is thawed. */
  readonly untilMs: number | null;
}

/** What a machine does not do alone any more, until a person vouches for it. Undoing is never stopped by it. */
export interface Demotion {
  readonly runbook: string;
  /** Null: every remedy of the runbook. */
  readonly remedy: RemedyName | null;
  /** Of the targets; null: every one. */
  readonly namespace: string | null;
  /** What came of it, as a sentence. */
  readonly why: string;
  readonly atMs: number;
}

/** A person vouched for a breaker, by its name, or for the whole record by `record`. */
interface Reset {
  readonly of: string;
  readonly by: string;
  readonly atMs: number;
}

/** The most that was seen of something lately, so that its vanishing is noticed. */
export interface Sighting {
  readonly of: string;
  readonly count: number;
  readonly atMs: number;
}

/** A refusal, for people to read. */
export interface PastRefusal extends Pick<Refusal, 'guard' | 'reason' | 'retryAtMs'> {
  readonly incident: string;
  readonly atMs: number;
}

/** All that a permit office knows: kept in its workflow, and handed on when it continues as new. */
export interface Ledger {
  /** The latest time anything in it happened; the office's clock never runs behind it. */
  readonly latestMs: number;
  /** By the time they were granted. */
  readonly acts: readonly Act[];
  readonly holds: readonly Hold[];
  readonly failures: readonly Failure[];
  readonly storms: readonly Storm[];
  readonly freezes: readonly Freeze[];
  readonly demotions: readonly Demotion[];
  readonly resets: readonly Reset[];
  readonly sightings: readonly Sighting[];
  /** When each source of alerts last proved to be alive. */
  readonly heartbeats: Readonly<Record<string, number>>;
  /** The limits last asked under, by where they come from; for people to read. */
  readonly layers: readonly LimitLayer[];
  readonly refusals: readonly PastRefusal[];
  /** Since when it cannot be trusted, since what was before is lost; null when it is whole. */
  readonly lostMs: number | null;
}

/** The record of a cluster in which nothing was done yet. */
export const EMPTY_LEDGER: Ledger = {
  latestMs: 0,
  acts: [],
  holds: [],
  failures: [],
  storms: [],
  freezes: [],
  demotions: [],
  resets: [],
  sightings: [],
  heartbeats: {},
  layers: [],
  refusals: [],
  lostMs: null,
};

/** Past so many acts of the retention, the record is full and nothing more is granted. */
export const ACTS_MAX = 1_000;
/** So many failures, the newest, are enough to see what they share. */
export const FAILURES_MAX = 300;
/** What one failing target may share with others. */
export const SUSPECTS_MAX = 8;
/** The last of so many storms at once is the cluster's. */
export const STORMS_MAX = 10;
export const STORM_TARGETS_MAX = 100;
/** Past so many, whole runbooks are demoted in place of their remedies. */
export const DEMOTIONS_MAX = 200;
/** No limit looks further back than this. */
export const RETENTION_SECONDS = 7 * 86_400;

/** The acts that count: a permit that was not used never happened. */
export function actsDone(ledger: Pick<Ledger, 'acts'>): readonly Act[] {
  return ledger.acts.filter(({ outcome }) => outcome !== 'unused');
}

/** When an act did not help, or stopped helping; null when it did, or it is not known yet. */
export function wentWrongMs({ outcome, endedMs, relapsedMs }: Act): number | null {
  if (relapsedMs !== null) return relapsedMs;
  return outcome === null || outcome === 'recovered' || outcome === 'unused' ? null : endedMs;
}
