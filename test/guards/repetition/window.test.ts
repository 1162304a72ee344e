import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLimit, notALimit, spanText, windowFull } from '../../../guards/repetition/window.ts';
import { NOW } from '../asked.ts';

const full = (max: number, perSeconds: number, timesMs: readonly number[], nowMs = NOW) =>
  windowFull('rate-limit', { max, perSeconds }, timesMs, nowMs, (it) => `${it.max} within ${it.span}`);
const ago = (...seconds: number[]) => seconds.map((one) => NOW - one * 1000);

describe('windowFull()', () => {
  it('lets the last one of the limit through, and refuses the next with the time at which the oldest leaves', () => {
    expect(full(2, 60, ago(30))).toBeNull();
    expect(full(2, 60, ago(10, 30))).toEqual({
      kind: 'refused',
      guard: 'rate-limit',
      reason: '2 within 1 minute',
      retryAtMs: NOW + 30_000,
    });
  });

  it('forgets a time at the moment it is the whole window old, and not a millisecond sooner', () => {
    expect(full(1, 60, [NOW - 60_000])).toBeNull();
    expect(full(1, 60, [NOW - 59_999])).toMatchObject({ retryAtMs: NOW + 1 });
  });

  it('waits for as many to leave as are too many, whatever their order', () => {
    expect(full(2, 60, ago(10, 40, 20, 30))).toMatchObject({ retryAtMs: NOW + 40_000 });
  });

  it('looks again in half a minute, or in the window where that is shorter, at what is not over', () => {
    expect(full(1, 60, [NOW])).toMatchObject({ retryAtMs: NOW + 30_000 });
    expect(full(1, 20, [NOW])).toMatchObject({ retryAtMs: NOW + 20_000 });
    expect(full(2, 60, [NOW, NOW - 10_000])).toMatchObject({ retryAtMs: NOW + 50_000 });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses for good under a limit of %p, or under such a window', (value) => {
    const refusal = {
      kind: 'refused',
      guard: 'rate-limit',
      reason: `The limit a rate cannot be read (${value}), so nothing is done under it.`,
      retryAtMs: null,
    };
    expect(full(value, 60, [])).toEqual(refusal);
    expect(full(1, value, [])).toMatchObject({ guard: 'rate-limit', retryAtMs: null });
  });

  it('never says a time to ask again that is past, and lets one through at that time if nothing came in between', () => {
    const times = fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 100 }), (ages, max, perSeconds) => {
        const timesMs = ages.map((age) => NOW - age - 1);
        const refusal = full(max, perSeconds, timesMs);
        if (refusal === null) return;
        expect(refusal.retryAtMs).toBeGreaterThan(NOW);
        expect(full(max, perSeconds, timesMs, refusal.retryAtMs!)).toBeNull();
        expect(full(max, perSeconds, timesMs, refusal.retryAtMs! - 1)).not.toBeNull();
      }),
    );
  });
});

describe('isLimit()', () => {
  it('takes whole numbers from one on', () => {
    expect([1, 2, 0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY].map(isLimit)).toEqual([true, true, false, false, false, false, false]);
  });
});

describe('notALimit()', () => {
  it('names the limit and what it is', () => {
    expect(notALimit('attempt-cap', 'attempts.max', 0)).toEqual({
      kind: 'refused',
      guard: 'attempt-cap',
      reason: 'The limit attempts.max cannot be read (0), so nothing is done under it.',
      retryAtMs: null,
    });
  });
});

describe('spanText()', () => {
  it.each([
    [1, '1 second'],
    [59, '59 seconds'],
    [60, '1 minute'],
    [90, '90 seconds'],
    [3_600, '1 hour'],
    [5_400, '90 minutes'],
    [21_600, '6 hours'],
    [86_400, '1 day'],
    [604_800, '7 days'],
  ])('says %p seconds as %p', (seconds, text) => {
    expect(spanText(seconds)).toBe(text);
  });
});
