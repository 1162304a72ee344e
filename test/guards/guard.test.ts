import { describe, expect, it } from '@jest/globals';
import { firstRefusal, limitsOf, refuse } from '../../guards/guard.ts';

const limits = [
  { from: 'the cluster', limits: { rollbackDepth: 0, silenceSeconds: 900 } },
  { from: 'namespace ml', limits: {} },
  { from: 'runbook pod-crash', limits: { rollbackDepth: 2 } },
];

describe('limitsOf()', () => {
  it('tells what each layer says of one limit, nought included, and leaves out those that say nothing', () => {
    expect(limitsOf({ limits }, ({ rollbackDepth }) => rollbackDepth)).toEqual([
      { from: 'the cluster', limit: 0 },
      { from: 'runbook pod-crash', limit: 2 },
    ]);
    expect(limitsOf({ limits }, ({ storm }) => storm)).toEqual([]);
  });
});

describe('firstRefusal()', () => {
  const ofDepth = limitsOf({ limits }, ({ rollbackDepth }) => rollbackDepth);
  const judge = (isRefused: (limit: number) => boolean) =>
    firstRefusal(ofDepth, (limit, from) => (isRefused(limit) ? refuse('rollback-depth', `${limit} of ${from}`, null) : null));

  it('is of the first layer that refuses, even when only the last does', () => {
    expect(judge(() => true)).toEqual({ kind: 'refused', guard: 'rollback-depth', reason: '0 of the cluster', retryAtMs: null });
    expect(judge((limit) => limit === 2)?.reason).toBe('2 of runbook pod-crash');
  });

  it('is none where no layer refuses, or none limits', () => {
    expect(judge(() => false)).toBeNull();
    expect(firstRefusal([], () => refuse('freeze', 'never', null))).toBeNull();
  });
});
