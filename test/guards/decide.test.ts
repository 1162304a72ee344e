import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../guards/decide.ts';
import type { Asked } from '../../guards/guard.ts';
import type { GuardName } from '../../guards/permit.ts';
import { act, asked, NOW, namespace, object, read, replicas, surroundings } from './asked.ts';
import { layers, records } from './random.ts';

const limit = { max: 1, perSeconds: 3_600 };
const rollback = { subject: 'ml/Deployment/ranker', from: 'b', to: 'a', toIsQuarantined: false };
const dark = { kind: 'unreadable', what: 'the nodes', reason: 'it timed out' } as const;
const under = (limits: Asked['request']['limits'][number]['limits']) => ({ limits: [{ from: 'the cluster', limits }] });
const failed = act({ outcome: 'failed', endedMs: NOW - 1 });

/** Why each guard refuses, alone and in the order in which they are asked. */
const REASONS: readonly (readonly [string, GuardName, Parameters<typeof asked>[0]])[] = [
  ['a lost record', 'record', { ledger: { lostMs: NOW } }],
  ['a freeze', 'freeze', { ledger: { freezes: [{ namespace: null, runbook: null, by: 'ada', reason: '', sinceMs: NOW, untilMs: null }] } }],
  ['an opt-out', 'opt-out', { request: { surroundings: surroundings({ object: object({ optOut: '' }) }) } }],
  ['a person', 'person-at-work', { request: { surroundings: surroundings({ namespace: namespace({ isTerminating: true }) }) } }],
  ['nodes that cannot be read', 'sight', { request: { surroundings: surroundings({ nodes: dark }) } }],
  ['clocks apart', 'clocks', { request: { surroundings: surroundings({ readAtMs: NOW - 121_000 }) } }],
  ['silence', 'sight', { ledger: { heartbeats: { alertmanager: NOW - 900_000 } } }],
  ['vanished nodes', 'sight', { request: { surroundings: surroundings({ nodes: read({ total: 0, ready: 0, openAfter: 0 }) }) } }],
  ['an old plan', 'current-plan', { request: { plan: { uid: 'uid-0', generation: 1 } } }],
  [
    'a keeper',
    'gitops',
    { request: { changesSpec: true, surroundings: surroundings({ object: object({ managedBy: { tool: 'Flux', name: 'ml' } }) }) } },
  ],
  [
    'a storm',
    'storm-brake',
    {
      ledger: {
        storms: [
          {
            ...{ suspect: { kind: 'cluster', name: 'prod' }, targets: [], targetCount: 10, sinceMs: NOW, lastJoinedMs: NOW },
            limit: { targets: 5, withinSeconds: 300 },
          },
        ],
      },
    },
  ],
  [
    'another incident',
    'target-lock',
    { ledger: { holds: [{ incident: 'x', run: 'r', targets: ['ml/Deployment/ranker'], sinceMs: NOW }] } },
  ],
  ["the incident's attempts", 'attempt-cap', { request: { attemptsMade: 3 } }],
  ['the depth of rollbacks', 'rollback-depth', { request: { rollback, ...under({ rollbackDepth: 0 }) } }],
  ['flapping', 'flapping', { request: under({ cures: limit }), ledger: { acts: [act()] } }],
  ["the target's attempts", 'attempt-cap', { request: under({ target: limit }), ledger: { acts: [failed] } }],
  [
    'an open breaker',
    'circuit-breaker',
    { request: under({ breakers: { target: { failures: 1, withinSeconds: 3_600, openSeconds: 3_600 } } }), ledger: { acts: [failed] } },
  ],
  ['backoff', 'backoff', { request: { limits: [] }, ledger: { acts: [failed] } }],
  ['the last replica', 'blast-radius', { request: { surroundings: surroundings({ replicas: replicas({ ready: 1 }) }) } }],
  ['the rate', 'rate-limit', { request: under({ rates: { cluster: limit } }), ledger: { acts: [act()] } }],
];

/** Everything that speaks against it from here on, at once. */
function allFrom(index: number): Asked {
  const changes = REASONS.slice(index).map(([, , change]) => change!);
  const readings = changes.map(({ request }) => request?.surroundings).reverse();
  const plain = surroundings();
  const seen = readings.reduce((soFar, one) => ({ ...soFar!, ...differences(one ?? plain, plain) }), plain);
  const layersOf = changes.flatMap(({ request }) => request?.limits ?? []);
  const acts = changes.flatMap(({ ledger }) => ledger?.acts ?? []).sort((a, b) => a.endedMs! - b.endedMs!);
  return asked({
    request: {
      ...Object.assign({}, ...changes.map(({ request }) => request)),
      surroundings: seen,
      limits: [...layersOf, ...asked().request.limits],
    },
    ledger: { ...Object.assign({}, ...changes.map(({ ledger }) => ledger)), acts },
  });
}

function differences<T extends object>(one: T, plain: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(one).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(plain[key as keyof T])),
  ) as Partial<T>;
}

describe('decide()', () => {
  it('grants what nothing speaks against', () => {
    expect(decide(asked(), 'cluster')).toEqual({ kind: 'granted' });
    expect(decide(asked(), 'allClusters')).toEqual({ kind: 'granted' });
  });

  it.each(REASONS)('refuses in a cluster because of %s', (_what, guard, change) => {
    expect(decide(asked(change), 'cluster')).toMatchObject({ kind: 'refused', guard });
  });

  it.each(REASONS.map(([what, guard], index) => [what, index, guard] as const))(
    'tells of %s before all that comes after it',
    (_what, index, guard) => {
      expect(decide(allFrom(index), 'cluster')).toMatchObject({ kind: 'refused', guard });
    },
  );

  it.each(REASONS)('says of %s in whole sentences why not, and when to ask again', (_what, _guard, change) => {
    const permit = decide(asked(change), 'cluster');
    if (permit.kind === 'granted') throw new Error('It was granted.');
    expect(permit.reason).toMatch(/^\S.{20,}[^.]\.$/);
    expect(permit.reason).not.toMatch(/undefined|null|NaN|object Object/);
    expect(permit.retryAtMs === null || permit.retryAtMs >= NOW).toBe(true);
  });

  it('of all clusters asks about record, freezes and the budget of all, and leaves the rest to the cluster (safety 9, 28)', () => {
    const shared = new Set<string>(['a lost record', 'a freeze']);
    for (const [what, , change] of REASONS)
      expect([what, decide(asked(change), 'allClusters').kind]).toEqual([what, shared.has(what) ? 'refused' : 'granted']);
    const spent = { request: under({ rates: { allClusters: limit } }), ledger: { acts: [act()] } };
    expect(decide(asked(spent), 'allClusters')).toMatchObject({ guard: 'rate-limit' });
    expect(decide(asked(spent), 'cluster').kind).toBe('granted');
  });

  it('never grants under one layer more what it refused without: the tightest wins (safety 3)', () => {
    fc.assert(
      fc.property(records, layers, layers, fc.constantFrom('cluster', 'allClusters' as const), (ledger, some, more, scope) => {
        const ask = (limits: typeof some) => decide(asked({ request: { limits, rollback, nodes: ['n1'] }, ledger }), scope);
        const before = ask(some);
        const after = [ask([...some, ...more]), ask([...more, ...some])];
        if (before.kind === 'refused') expect(after.map(({ kind }) => kind)).toEqual(['refused', 'refused']);
      }),
      { numRuns: 500 },
    );
  });
});
