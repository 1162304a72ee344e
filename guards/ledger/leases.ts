import type { IncidentRun } from '../../incident/incident.ts';
import { targetText } from '../../incident/target.ts';
import type { PermitRequest } from '../request.ts';
import { withDemotionFor } from './demotions.ts';
import type { Act, ActOutcome, Hold, Ledger } from './ledger.ts';

/** A permit is to be used within so long; after that the world is another. */
export const LEASE_SECONDS = 120;

/** What an incident reports of a permit it was granted. */
export interface Report {
  readonly id: string;
  readonly outcome: ActOutcome;
  /** Latest time at which it may have been written; null when it was not. */
  readonly actedMs: number | null;
}

/** Enters a permit: a lease on the attempt, and a hold on the target with what it owns and what owns it. */
export function withLease(ledger: Ledger, request: PermitRequest): Ledger {
  const { id, incident, run, runbook, remedy, isApproved, target, rollback, nodes } = request;
  const act: Act = {
    ...{ id, incident, run, runbook, remedy, isApproved, namespace: target.namespace, target: targetText(target), rollback, nodes },
    ...{ grantedMs: ledger.latestMs, actedMs: null, outcome: null, endedMs: null, relapsedMs: null },
  };
  const others = ledger.holds.filter((hold) => !isSameRun(hold, request));
  const earlier = ledger.holds.find((hold) => isSameRun(hold, request));
  const targets = [...new Set([...(earlier?.targets ?? []), ...scopeOf(request)])];
  const hold: Hold = { incident, run, targets, sinceMs: earlier?.sinceMs ?? ledger.latestMs };
  return { ...ledger, acts: [...ledger.acts, act], holds: [...others, hold] };
}

/** The target, what it owns and what owns it. */
export function scopeOf({ target, surroundings: { object } }: Pick<PermitRequest, 'target' | 'surroundings'>): readonly string[] {
  return [targetText(target), ...(object.kind === 'read' ? object.value.related : [])];
}

/** Ends a lease. What was reported first stands, so that a report may come twice. */
export function withReport(ledger: Ledger, { id, outcome, actedMs }: Report): Ledger {
  const endedMs = ledger.latestMs;
  const worse = ledger.acts.filter((act) => act.id === id && act.outcome === null && outcome === 'worse');
  return {
    ...worse.reduce((soFar, act) => withDemotionFor(soFar, act, `it made ${act.target} worse`), ledger),
    acts: ledger.acts.map((act) =>
      act.id === id && act.outcome === null
        ? { ...act, outcome, endedMs, actedMs: outcome === 'unused' ? null : withinLease(act.grantedMs, actedMs, endedMs) }
        : act,
    ),
  };
}

/** By a clock that was put back, an act would be older than its permit and leave every window too soon. */
function withinLease(grantedMs: number, actedMs: number | null, endedMs: number): number {
  return actedMs === null || !Number.isFinite(actedMs) ? endedMs : Math.min(Math.max(actedMs, grantedMs), endedMs);
}

/** Lets go of everything an incident holds. A lease it never reported on is inconclusive. @param isOver its target no longer fails */
export function withoutIncident(ledger: Ledger, incident: IncidentRun, isOver: boolean): Ledger {
  const open = ledger.acts.filter((act) => act.outcome === null && isSameRun(act, incident));
  const reported = open.reduce((soFar, { id }) => withReport(soFar, { id, outcome: 'inconclusive', actedMs: null }), ledger);
  return {
    ...reported,
    holds: reported.holds.filter((hold) => !isSameRun(hold, incident)),
    failures: reported.failures.map((failure) => (isOver && isSameRun(failure, incident) ? { ...failure, isOpen: false } : failure)),
  };
}

export function isSameRun(one: IncidentRun, other: IncidentRun): boolean {
  return one.incident === other.incident && one.run === other.run;
}
