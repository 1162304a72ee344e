import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { attemptCap } from '../../guards/attempt-cap.ts';
import { backoff } from '../../guards/backoff.ts';

describe('attemptCap()', () => {
  it('grants exactly as many attempts as the limit, never one more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 20 }), (max, made) => {
        expect(attemptCap(made, max).kind).toBe(made < max ? 'granted' : 'refused');
      }),
    );
  });

  it.each([undefined, Number.NaN, -1, 0.5])('counts a record of %p attempts as the cap reached', (made) => {
    expect(attemptCap(made, 3).kind).toBe('refused');
  });

  it('refuses when the limit itself cannot be read', () => {
    expect(attemptCap(0, Number.NaN).kind).toBe('refused');
  });
});

describe('backoff()', () => {
  const limits = { firstSeconds: 30, factor: 2, maxSeconds: 100 };

  it('lets the first attempt through at once', () => {
    expect(backoff(0, null, limits, 0).kind).toBe('granted');
  });

  it.each([
    [1, 30],
    [2, 60],
    [3, 100],
    [9, 100],
  ])('after attempt %i waits %i s, and says until when', (made, seconds) => {
    expect(backoff(made, 1_000, limits, 1_000)).toMatchObject({ kind: 'refused', retryAtMs: 1_000 + seconds * 1_000 });
    expect(backoff(made, 1_000, limits, 1_000 + seconds * 1_000).kind).toBe('granted');
  });
});
