import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Limits } from '../../guards/limits.ts';
import { limitLayers } from '../../runbooks/layers.ts';
import { DEFAULT_LIMITS, type LimitsFile } from '../../runbooks/limits.ts';

const runbook = (limits: Limits = {}) => ({ name: 'pod-crash', limits: limits as LimitsFile['cluster'] });
const file = (cluster: Limits = {}, namespaces: Record<string, Limits> = {}) => ({ cluster, namespaces }) as LimitsFile;

describe('limitLayers()', () => {
  it('is what is shipped, where nobody says otherwise (safety 3)', () => {
    expect(limitLayers(file(), runbook(), 'ml')).toEqual([{ from: 'the cluster', limits: DEFAULT_LIMITS }]);
  });

  it("has the cluster's own numbers in place of the shipped ones, each by itself", () => {
    const rate = { max: 1, perSeconds: 60 };
    const share = { percent: 1, atLeast: 1, withinSeconds: 60 };
    const breaker = { failures: 1, withinSeconds: 60, openSeconds: 60 };
    const given = { rates: { remedy: rate }, breakers: { runbook: breaker }, blast: { nodes: share }, cures: rate, rollbackDepth: 0 };
    expect(limitLayers(file(given), runbook(), 'ml')[0]?.limits).toEqual({
      ...DEFAULT_LIMITS,
      rates: { ...DEFAULT_LIMITS.rates, remedy: rate },
      breakers: { ...DEFAULT_LIMITS.breakers, runbook: breaker },
      blast: { ...DEFAULT_LIMITS.blast, nodes: share },
      cures: rate,
      rollbackDepth: 0,
    });
  });

  it('adds those of the namespace and of the runbook, and takes nothing away for it', () => {
    const namespaces = { ml: { rollbackDepth: 0 }, web: { rollbackDepth: 5 } };
    expect(limitLayers(file({}, namespaces), runbook({ silenceSeconds: 60 }), 'ml')).toEqual([
      { from: 'the cluster', limits: DEFAULT_LIMITS },
      { from: 'namespace ml', limits: { rollbackDepth: 0 } },
      { from: 'runbook pod-crash', limits: { silenceSeconds: 60 } },
    ]);
  });

  it.each(['other', 'constructor', '__proto__'])('knows no limits of namespace %s, which has none', (namespace) => {
    expect(limitLayers(file({}, { ml: {} }), runbook(), namespace)).toHaveLength(1);
  });

  it('leaves nothing unlimited, whatever a file leaves out or gives no value (safety 3)', () => {
    const holed = (group: object) =>
      fc.record(Object.fromEntries(Object.keys(group).map((key) => [key, fc.constant(undefined)])), { requiredKeys: [] });
    const groups = { rates: holed(DEFAULT_LIMITS.rates), breakers: holed(DEFAULT_LIMITS.breakers), blast: holed(DEFAULT_LIMITS.blast) };
    const given = fc.oneof(fc.record(groups, { requiredKeys: [] }), holed(DEFAULT_LIMITS));
    fc.assert(
      fc.property(given, (cluster) => {
        expect(limitLayers(file(cluster as Limits), runbook(), 'ml')[0]?.limits).toEqual(DEFAULT_LIMITS);
      }),
    );
  });
});
