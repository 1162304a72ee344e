import fc from 'fast-check';
import type { Act, Ledger } from '../../guards/ledger/ledger.ts';
import type { LimitLayer } from '../../guards/limits.ts';
import { act, MINUTE_MS, NOW } from './asked.ts';

const few = fc.integer({ min: 1, max: 6 });
const seconds = fc.constantFrom(60, 600, 3_600, 86_400);
const rate = fc.record({ max: few, perSeconds: seconds });
const breaker = fc.record({ failures: few, withinSeconds: seconds, openSeconds: seconds });
const share = fc.record({ percent: fc.integer({ min: 0, max: 100 }), atLeast: few, withinSeconds: seconds });
const some = <T extends Record<string, fc.Arbitrary<unknown>>>(of: T) => fc.record(of, { requiredKeys: [] });

/** Any layers, each with any of the limits. */
export const layers: fc.Arbitrary<readonly LimitLayer[]> = fc.array(
  fc.record({
    from: fc.constantFrom('the cluster', 'namespace ml', 'runbook pod-crash'),
    limits: some({
      rates: some({ remedy: rate, namespace: rate, cluster: rate, allClusters: rate }),
      target: rate,
      breakers: some({ target: breaker, remedy: breaker, runbook: breaker }),
      cures: rate,
      blast: some({ replicasPercent: fc.integer({ min: 0, max: 100 }), namespaceWorkloads: share, nodes: share, modelVersions: rate }),
      rollbackDepth: fc.integer({ min: 0, max: 2 }),
      silenceSeconds: seconds,
      freezes: fc.array(
        fc.integer({ min: 0, max: 48 }).map((hours) => ({
          ...{ kind: 'once' as const, reason: 'a move' },
          ...{
            from: new Date(NOW - 24 * 60 * MINUTE_MS).toISOString(),
            until: new Date(NOW + (hours - 24) * 60 * MINUTE_MS).toISOString(),
          },
        })),
        { maxLength: 1 },
      ),
    }),
  }),
  { maxLength: 3 },
) as fc.Arbitrary<readonly LimitLayer[]>;

const pastAct: fc.Arbitrary<Act> = fc
  .record({
    minutes: fc.integer({ min: 1, max: 2_000 }),
    outcome: fc.constantFrom('recovered', 'ineffective', 'failed', 'inconclusive', 'unused', null),
    name: fc.constantFrom('ranker', 'ranker', 'other', 'third'),
    remedy: fc.constantFrom('restart', 'raiseMemory' as const),
    nodes: fc.subarray(['n1', 'n2', 'n3']),
    isRelapsed: fc.boolean(),
  })
  .map(({ minutes, outcome, name, remedy, nodes, isRelapsed }) => {
    const grantedMs = NOW - minutes * MINUTE_MS;
    const isOpen = outcome === null;
    return act({
      ...{ target: `ml/Deployment/${name}`, remedy, nodes, outcome, grantedMs, id: `${minutes}-${name}` },
      ...{ actedMs: isOpen ? null : grantedMs, endedMs: isOpen ? null : grantedMs + 30_000 },
      relapsedMs: outcome === 'recovered' && isRelapsed ? grantedMs + 60_000 : null,
    });
  });

/** Any record of acts past and open, and of a source that was alive. */
export const records: fc.Arbitrary<Partial<Ledger>> = fc.record({
  acts: fc.array(pastAct, { maxLength: 12 }).map((acts) => [...acts].sort((a, b) => a.grantedMs - b.grantedMs)),
  heartbeats: fc.record({ alertmanager: fc.integer({ min: 0, max: 200 }).map((minutes) => NOW - minutes * MINUTE_MS) }),
});
