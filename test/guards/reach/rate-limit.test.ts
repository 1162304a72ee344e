import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Act } from '../../../guards/ledger/ledger.ts';
import { type RateScope, rateLimit, rateLimitOfAll } from '../../../guards/reach/rate-limit.ts';
import { act, asked, MINUTE_MS, NOW } from '../asked.ts';

const under = (scope: RateScope, max: number, perSeconds = 3_600) => ({
  limits: [{ from: 'the cluster', limits: { rates: { [scope]: { max, perSeconds } } } }],
});
const acts = (count: number, change: Partial<Act> = {}) =>
  Array.from({ length: count }, (_, index) => act({ id: `act-${index}`, ...change }));
const elsewhere: Partial<Act> = { namespace: 'web', remedy: 'raiseMemory', target: 'web/Deployment/shop' };

describe('rate-limit', () => {
  it.each([
    ['remedy', 'of restart', { namespace: 'web', target: 'web/Deployment/shop' }],
    ['namespace', 'in namespace ml', { remedy: 'raiseMemory' }],
    ['cluster', 'in this cluster', elsewhere],
  ] as const)('counts per %s, and says so (safety 6)', (scope, where, change) => {
    expect(rateLimit(asked({ request: under(scope, 3), ledger: { acts: acts(2, change) } }))).toBeNull();
    expect(rateLimit(asked({ request: under(scope, 3), ledger: { acts: acts(3, change) } }))).toEqual({
      ...{ kind: 'refused', guard: 'rate-limit', retryAtMs: NOW - 11 * MINUTE_MS + 3_600_000 },
      reason: `3 acts ${where} within 1 hour: the limit of the cluster is reached.`,
    });
  });

  it.each(['remedy', 'namespace'] as const)('does not count what another %s did', (scope) => {
    expect(rateLimit(asked({ request: under(scope, 1), ledger: { acts: acts(3, elsewhere) } }))).toBeNull();
  });

  it('is a budget of the whole platform in the office of all clusters, and there alone (safety 9)', () => {
    const full = asked({ request: under('allClusters', 1), ledger: { acts: acts(1, elsewhere) } });
    expect(rateLimit(full)).toBeNull();
    expect(rateLimitOfAll(full)?.reason).toBe('1 act in all clusters within 1 hour: the limit of the cluster is reached.');
    expect(rateLimitOfAll(asked({ request: under('cluster', 1), ledger: { acts: acts(1) } }))).toBeNull();
  });

  it('counts a permit that is out as an act of now, and one that was not used as none (safety 6)', () => {
    const open = acts(1, { outcome: null, actedMs: null, endedMs: null, grantedMs: NOW - 7_200_000 });
    expect(rateLimit(asked({ request: under('cluster', 1), ledger: { acts: open } }))?.retryAtMs).toBe(NOW + 30_000);
    expect(rateLimit(asked({ request: under('cluster', 1), ledger: { acts: acts(3, { outcome: 'unused' }) } }))).toBeNull();
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('of %s is no limit, and nothing is done under it (safety 3)', (max) => {
    expect(rateLimit(asked({ request: under('cluster', max) }))).not.toBeNull();
    expect(rateLimit(asked({ request: under('cluster', 1, max) }))).not.toBeNull();
  });

  it('is left to other layers where one says nothing of it', () => {
    expect(rateLimit(asked({ request: { limits: [{ from: 'namespace ml', limits: {} }] }, ledger: { acts: acts(50) } }))).toBeNull();
  });

  it('lets N through in any window, never one more, and gives room back to the millisecond (safety 6, 9)', () => {
    const limit = fc.record({ max: fc.integer({ min: 1, max: 5 }), perSeconds: fc.integer({ min: 1, max: 60 }) });
    const pauses = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 40 });
    const scopes = fc.constantFrom('remedy', 'namespace', 'cluster', 'allClusters' as const);
    fc.assert(
      fc.property(scopes, limit, pauses, (scope, { max, perSeconds }, offsets) => {
        const guard = scope === 'allClusters' ? rateLimitOfAll : rateLimit;
        const ask = (nowMs: number, times: readonly number[]) => {
          const done = times.map((actedMs) => act({ actedMs }));
          return guard(asked({ request: under(scope, max, perSeconds), ledger: { acts: done }, nowMs }));
        };
        const through: number[] = [];
        let nowMs = NOW;
        for (const offset of offsets) {
          nowMs += offset;
          const refusal = ask(nowMs, through);
          expect(refusal !== null).toBe(through.filter((at) => at > nowMs - perSeconds * 1000).length >= max);
          if (refusal === null) through.push(nowMs);
          else if (through.at(-max)! < nowMs) {
            expect(ask(refusal.retryAtMs! - 1, through)).not.toBeNull();
            expect(ask(refusal.retryAtMs!, through)).toBeNull();
          }
        }
        for (const start of through) {
          const inWindow = through.filter((at) => at >= start && at < start + perSeconds * 1000);
          expect(inWindow.length).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});
