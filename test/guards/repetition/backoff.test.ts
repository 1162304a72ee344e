import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Act } from '../../../guards/ledger/ledger.ts';
import { backoff } from '../../../guards/repetition/backoff.ts';
import type { PermitRequest } from '../../../guards/request.ts';
import { act, asked, NOW } from '../asked.ts';

const ENDED = NOW - 1_000;
const bad = (change: Partial<Act> = {}) => act({ outcome: 'failed', endedMs: ENDED, ...change });
const attempts = { max: 10, backoffFirstSeconds: 30, backoffFactor: 2, backoffMaxSeconds: 600 };
const judge = (acts: readonly Act[], change: Partial<PermitRequest> = {}, nowMs = NOW) =>
  backoff(asked({ request: { attempts, ...change }, ledger: { acts }, nowMs }));
/** Milliseconds from the last end to the next attempt. */
const wait = (acts: readonly Act[], change: Partial<PermitRequest> = {}) => (judge(acts, change)?.retryAtMs ?? Number.NaN) - ENDED;

describe('the backoff', () => {
  it('lets a first attempt through, and the next after a cure', () => {
    expect(judge([])).toBeNull();
    expect(judge([act()])).toBeNull();
    expect(judge([bad(), act({ endedMs: NOW - 500 })])).toBeNull();
  });

  it('waits the first pause and up to a fifth more, until exactly then', () => {
    const refusal = judge([bad()]);
    const { retryAtMs } = refusal!;
    expect(refusal).toEqual({
      kind: 'refused',
      guard: 'backoff',
      reason: `An attempt on ml/Deployment/ranker did not help once; the next waits until ${new Date(retryAtMs!).toISOString()}.`,
      retryAtMs,
    });
    expect(judge([bad()], {}, retryAtMs! - 1)).not.toBeNull();
    expect(judge([bad()], {}, retryAtMs!)).toBeNull();
  });

  it('waits as long as it always waited for this incident and count, whatever the key of the question', () => {
    expect(wait([bad()])).toBe(wait([bad()], { id: 'another-key' }));
    // Pinned: another number would make workflows that are under way decide otherwise.
    expect(wait([bad()])).toBe(30_072);
    expect(wait([bad()], { run: 'run-2' })).toBe(32_154);
    expect(wait([bad()], { incident: 'podCrash-other' })).toBe(34_752);
  });

  it('never waits less than the pause nor a fifth more than it, and not the same for all (safety 14)', () => {
    const waits = new Set<number>();
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 8 }), (incident, count) => {
        const took = wait(Array(count).fill(bad()), { incident });
        const pause = Math.min(600, 30 * 2 ** (count - 1)) * 1000;
        expect(took).toBeGreaterThanOrEqual(pause);
        expect(took).toBeLessThanOrEqual(pause * 1.2);
        waits.add(took / pause);
      }),
    );
    expect(waits.size).toBeGreaterThan(20);
  });

  it('says how often in a row, and counts from the latest that went wrong', () => {
    const refusal = judge([bad({ endedMs: NOW - 90_000 }), bad({ endedMs: ENDED })]);
    expect(refusal?.reason).toContain('did not help 2 times in a row;');
    expect(refusal?.retryAtMs).toBeGreaterThanOrEqual(ENDED + 60_000);
  });

  it('counts a cure that did not last, from when it was noticed (safety 4)', () => {
    const relapsed = act({ outcome: 'recovered', endedMs: NOW - 500_000, relapsedMs: ENDED });
    expect(wait([relapsed])).toBeGreaterThanOrEqual(30_000);
    expect(judge([relapsed, bad()])?.reason).toContain('2 times in a row');
  });

  it('counts neither other targets, nor unused permits, nor what is not over', () => {
    expect(judge([bad({ target: 'ml/Deployment/other' })])).toBeNull();
    expect(judge([bad({ outcome: 'unused' })])).toBeNull();
    expect(judge([bad({ outcome: null, endedMs: null })])).toBeNull();
  });

  it('is ended neither by the cure of another target nor by an attempt that is not over', () => {
    expect(judge([bad(), act({ target: 'ml/Deployment/other' })])).not.toBeNull();
    expect(judge([bad(), bad({ outcome: null, endedMs: null })])).not.toBeNull();
  });

  it('does not begin anew after the unused permit that follows a failure', () => {
    expect(judge([bad(), bad({ outcome: 'unused' })])).not.toBeNull();
  });

  it.each([
    ['first pause', { backoffFirstSeconds: Number.NaN }],
    ['factor', { backoffFactor: Number.NaN }],
    ['longest pause', { backoffMaxSeconds: Number.NaN }],
    ['first pause below nought', { backoffFirstSeconds: -1 }],
    [
      'first pause and longest that never end',
      { backoffFirstSeconds: Number.POSITIVE_INFINITY, backoffMaxSeconds: Number.POSITIVE_INFINITY },
    ],
  ])('waits a day where the %s cannot be read', (_, change) => {
    const took = wait([bad(), bad()], { attempts: { ...attempts, ...change } });
    expect(took).toBeGreaterThanOrEqual(86_400_000);
    expect(took).toBeLessThanOrEqual(86_400_000 * 1.2);
  });

  it('waits not at all where the pause is nought', () => {
    expect(judge([bad({ endedMs: NOW })], { attempts: { ...attempts, backoffFirstSeconds: 0 } })).toBeNull();
  });
});
