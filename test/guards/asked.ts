import type { Asked } from '../../guards/guard.ts';
import { type Act, EMPTY_LEDGER, type Ledger } from '../../guards/ledger/ledger.ts';
import type { PermitRequest } from '../../guards/request.ts';
import type { Reading } from '../../incident/reading.ts';
import type { NamespaceState, ObjectState, ReplicasState, Surroundings } from '../../incident/surroundings.ts';
import { DEFAULT_LIMITS } from '../../runbooks/limits.ts';

/** A Wednesday. */
export const NOW = Date.parse('2026-06-10T12:00:00Z');

export const MINUTE_MS = 60_000;

export function read<T>(value: T): Reading<T> {
  return { kind: 'read', value };
}

export function object(change: Partial<ObjectState> = {}): Reading<ObjectState> {
  const quiet = { optOut: null, managedBy: null, heldByPerson: null };
  return read({ uid: 'uid-1', generation: 7, resourceVersion: '100', related: [], ...quiet, ...change });
}

export function namespace(change: Partial<NamespaceState> = {}): Reading<NamespaceState> {
  return read({ optOut: null, isTerminating: false, workloads: 30, ...change });
}

export function replicas(change: Partial<ReplicasState> = {}): Reading<ReplicasState> {
  return read({ wanted: 6, ready: 5, readyTaken: 1, noRoom: null, personAtWork: null, ...change });
}

/** Everything was read, and nothing in it speaks against acting. */
export function surroundings(change: Partial<Surroundings> = {}): Surroundings {
  return {
    readAtMs: NOW,
    apiServerMs: read(NOW),
    object: object(),
    namespace: namespace(),
    nodes: read({ total: 20, ready: 20, openAfter: 19 }),
    replicas: replicas(),
    metrics: read(true as const),
    registry: read(true as const),
    ...change,
  };
}

/** A request that nothing speaks against at `NOW`, under the shipped limits. */
export function request(change: Partial<PermitRequest> = {}): PermitRequest {
  return {
    incident: 'podCrash-ranker',
    run: 'run-1',
    id: 'podCrash-ranker-1',
    runbook: 'pod-crash',
    target: { cluster: 'prod', namespace: 'ml', kind: 'Deployment', name: 'ranker' },
    remedy: 'restart',
    isApproved: false,
    changesSpec: false,
    plan: { uid: 'uid-1', generation: 7 },
    attemptsMade: 0,
    attempts: { max: 3, backoffFirstSeconds: 30, backoffFactor: 2, backoffMaxSeconds: 600 },
    rollback: null,
    nodes: [],
    suspects: [],
    surroundings: surroundings(),
    gitOps: 'propose',
    limits: [{ from: 'the cluster', limits: DEFAULT_LIMITS }],
    ...change,
  };
}

/** A record in which nothing was done yet. */
export function ledger(change: Partial<Ledger> = {}): Ledger {
  return { ...EMPTY_LEDGER, latestMs: NOW, ...change };
}

/** A cure of the request's target by another incident, ten minutes before `NOW`. */
export function act(change: Partial<Act> = {}): Act {
  return {
    incident: 'podCrash-ranker-earlier',
    run: 'run-0',
    id: 'podCrash-ranker-earlier-1',
    runbook: 'pod-crash',
    remedy: 'restart',
    isApproved: false,
    namespace: 'ml',
    target: 'ml/Deployment/ranker',
    rollback: null,
    nodes: [],
    grantedMs: NOW - 11 * MINUTE_MS,
    actedMs: NOW - 11 * MINUTE_MS,
    outcome: 'recovered',
    endedMs: NOW - 10 * MINUTE_MS,
    relapsedMs: null,
    ...change,
  };
}

/** What a guard is asked at `NOW`, changed as the test wants. */
export function asked(change: { request?: Partial<PermitRequest>; ledger?: Partial<Ledger>; nowMs?: number } = {}): Asked {
  return { request: request(change.request), ledger: ledger(change.ledger), nowMs: change.nowMs ?? NOW };
}
