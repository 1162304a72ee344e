import type { IncidentRun } from '../incident/incident.ts';
import { suspectText } from '../incident/suspect.ts';
import { targetText } from '../incident/target.ts';
import { decide, type OfficeScope } from './decide.ts';
import { withDemotion, withoutDemotion } from './ledger/demotions.ts';
import { type FailureSeen, withFailure, withoutPastStorms } from './ledger/failures.ts';
import { broughtTo } from './ledger/forget.ts';
import { isSameRun, LEASE_SECONDS, type Report, withLease, withoutIncident, withReport } from './ledger/leases.ts';
import { type Act, type Demotion, EMPTY_LEDGER, type Freeze, type Ledger } from './ledger/ledger.ts';
import type { LimitLayer } from './limits.ts';
import { freezeOver, freezeText } from './people/freeze.ts';
import type { Permit, Refusal } from './permit.ts';
import type { PermitRequest } from './request.ts';
import { withSightings } from './sight/vanished.ts';

const REFUSALS_MAX = 20;
const LAYERS_MAX = 50;
const RESETS_MAX = 100;
const LOOK_AGAIN_MS = 15_000;
const SOURCE = 'source ';
const DEMOTION = 'demotion ';

/** Something an office is told. Each is entered in the record; none is kept to be done later. */
export type OfficeNews =
  | { readonly kind: 'failure'; readonly seen: FailureSeen }
  | { readonly kind: 'report'; readonly report: Report }
  /** An incident has let go: it handed over, or is over, or its workflow is gone. */
  | { readonly kind: 'left'; readonly incident: IncidentRun; readonly isOver: boolean }
  | { readonly kind: 'heartbeat'; readonly source: string }
  | { readonly kind: 'freeze'; readonly freeze: Omit<Freeze, 'sinceMs'> }
  | { readonly kind: 'thaw'; readonly of: Pick<Freeze, 'namespace' | 'runbook'> | null }
  | { readonly kind: 'demote'; readonly demoted: Omit<Demotion, 'atMs'> }
  | { readonly kind: 'reset'; readonly of: string; readonly by: string };

/** Brings the record up to date with what the office is told. Pure. */
export function hear(before: Ledger, news: OfficeNews, clockMs: number): Ledger {
  const ledger = broughtTo(before, clockMs);
  switch (news.kind) {
    case 'failure':
      return withoutPastStorms(withFailure(ledger, news.seen));
    case 'report':
      return withReport(ledger, news.report);
    case 'left':
      return withoutPastStorms(withoutIncident(ledger, news.incident, news.isOver));
    case 'heartbeat':
      return { ...ledger, heartbeats: { ...ledger.heartbeats, [news.source]: ledger.latestMs } };
    case 'freeze': {
      const { freezes } = thawed(ledger, news.freeze);
      return { ...ledger, freezes: [...freezes, { ...news.freeze, sinceMs: ledger.latestMs }] };
    }
    case 'thaw':
      return news.of === null ? { ...ledger, freezes: [] } : thawed(ledger, news.of);
    case 'demote':
      return withDemotion(ledger, news.demoted);
    case 'reset':
      if (news.of === 'record') return begunAnew(ledger, news.by, clockMs);
      if (news.of.startsWith(DEMOTION)) return withoutDemotion(ledger, news.of);
      if (news.of.startsWith(SOURCE)) return withoutSource(ledger, news.of.slice(SOURCE.length));
      return { ...withReset(ledger, news), storms: ledger.storms.filter(({ suspect }) => suspectText(suspect) !== news.of) };
    default:
      return news satisfies never;
  }
}

/** Answers a request, and enters the permit or the refusal. The same request asked again while its permit is open is granted again, once. */
export function ask(
  before: Ledger,
  scope: OfficeScope,
  request: PermitRequest,
  clockMs: number,
): { readonly ledger: Ledger; readonly permit: Permit } {
  const ledger = withLayers(withoutPastStorms(broughtTo(before, clockMs)), request.limits);
  const earlier = ledger.acts.find(({ id }) => id === request.id);
  if (earlier) return askedAgain(ledger, earlier, request);
  const permit = decide({ request, ledger, nowMs: ledger.latestMs }, scope);
  const seen = withSightings(ledger, request);
  return { permit, ledger: permit.kind === 'granted' ? withLease(seen, request) : withRefusal(seen, request, permit) };
}

/** A permit is given once: an open one is the same permit, and one that is used up is not given anew. */
function askedAgain(ledger: Ledger, act: Act, request: PermitRequest): { readonly ledger: Ledger; readonly permit: Permit } {
  const { latestMs } = ledger;
  const isSame = isSameRun(act, request) && act.target === targetText(request.target) && act.remedy === request.remedy;
  const reason = isSame ? whyVoid(ledger, act.id, latestMs) : `The permit ${act.id} was given for ${act.remedy} on ${act.target}.`;
  if (reason === null) return { ledger, permit: { kind: 'granted' } };
  const guard = isSame && act.outcome === null && freezeOver(ledger, act, latestMs) ? 'freeze' : 'record';
  const permit: Permit = { kind: 'refused', guard, reason, retryAtMs: latestMs + LOOK_AGAIN_MS };
  return { ledger: withRefusal(ledger, request, permit), permit };
}

/**
 * Asked directly before the write: why a permit no longer holds, as a sentence, or null when it does.
 */
export function whyVoid(ledger: Ledger, id: string, clockMs: number): string | null {
  const nowMs = Math.max(clockMs, ledger.latestMs);
  const act = ledger.acts.find((one) => one.id === id);
  if (!act || act.outcome !== null) return 'Its permit is no longer open.';
  const freeze = freezeOver(ledger, act, nowMs);
  if (freeze) return freezeText(freeze);
  return nowMs - act.grantedMs >= LEASE_SECONDS * 1000 ? `Its permit is older than ${LEASE_SECONDS} s.` : null;
}

/** A person vouches for a breaker, or for what a storm has in common: those that still fail are healed one by one then. */
function withReset(ledger: Ledger, { of, by }: { readonly of: string; readonly by: string }): Ledger {
  const others = ledger.resets.filter((one) => one.of !== of);
  return { ...ledger, resets: [...others, { of, by, atMs: ledger.latestMs }].slice(-RESETS_MAX) };
}

/**
 * A person vouches for everything that was done before: it no longer counts. What is out now, what is frozen, and what is demoted, stays. Only here the
 * record's clock may go back, since nothing else undoes a clock that was once far ahead.
 */
function begunAnew(ledger: Ledger, by: string, clockMs: number): Ledger {
  const { holds, freezes, demotions, heartbeats, layers, acts, failures } = ledger;
  return {
    ...{ ...EMPTY_LEDGER, latestMs: clockMs, holds, freezes, demotions, heartbeats, layers },
    acts: acts.filter(({ outcome }) => outcome === null),
    failures: failures.filter(({ isOpen }) => isOpen),
    resets: [{ of: 'record', by, atMs: clockMs }],
  };
}

/** A source of alerts that is gone for good is not missed any more. */
function withoutSource(ledger: Ledger, source: string): Ledger {
  return { ...ledger, heartbeats: Object.fromEntries(Object.entries(ledger.heartbeats).filter(([name]) => name !== source)) };
}

function thawed(ledger: Ledger, { namespace, runbook }: Pick<Freeze, 'namespace' | 'runbook'>): Ledger {
  return { ...ledger, freezes: ledger.freezes.filter((one) => one.namespace !== namespace || one.runbook !== runbook) };
}

function withRefusal(ledger: Ledger, { incident }: PermitRequest, { guard, reason, retryAtMs }: Refusal): Ledger {
  const others = ledger.refusals.filter((one) => one.incident !== incident || one.guard !== guard);
  return { ...ledger, refusals: [...others, { incident, guard, reason, retryAtMs, atMs: ledger.latestMs }].slice(-REFUSALS_MAX) };
}

function withLayers(ledger: Ledger, asked: readonly LimitLayer[]): Ledger {
  const others = ledger.layers.filter(({ from }) => !asked.some((layer) => layer.from === from));
  return { ...ledger, layers: [...others, ...asked].slice(-LAYERS_MAX) };
}
