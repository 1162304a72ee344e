import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Lesson } from '../../../incident/experience/lesson.ts';
import { windowsFor } from '../../../incident/experience/windows.ts';
import { DAY_MS, knownAfter, lesson, NOW_MS, target, times, tried } from './stories.ts';

const GIVEN = { stableSeconds: 60, timeoutSeconds: 300 };
const RULES = { windows: true, triesMin: 5, timeoutSecondsMin: 60, stableSecondsMax: 300 };

const windows = (lessons: readonly Lesson[], { rules = RULES, given = GIVEN, nowMs = NOW_MS } = {}) =>
  windowsFor(given, knownAfter(lessons).rows[0], rules, nowMs);
const cures = (count: number, seconds: number) => times(count, () => lesson([tried('restart', 'recovered', seconds)]));
/** A cure after which the target failed again. */
const relapse = (afterSeconds: number, name: string) => {
  const cure = lesson([tried('restart', 'recovered', 20)], { target: target(name) });
  return [cure, lesson([], { target: target(name), openedMs: cure.curedMs! + afterSeconds * 1000 })];
};

describe('how long health is waited for', () => {
  it('is three times as long as it ever took where that was much less, and why is said', () => {
    expect(windows([...cures(9, 20), ...cures(1, 30)])).toEqual({
      windows: { stableSeconds: 60, timeoutSeconds: 90 },
      why: ['Health is waited for 90 s instead of 300 s, since by restart it always came within 30 s.'],
    });
  });

  it.each([
    ['after few recoveries', cures(9, 20), RULES],
    ['where it took about as long as is waited for', cures(12, 200), RULES],
    ['where it came once after it was given up', [...cures(12, 20), lesson([tried('restart', 'late')])], RULES],
    ['where the runbook does not let it learn', cures(12, 20), { ...RULES, windows: false }],
  ])('is as the runbook says %s', (_when, lessons, rules) => {
    expect(windows(lessons, { rules })).toEqual({ windows: GIVEN, why: [] });
  });

  it('is never less than the runbook’s least, nor gone by what was measured long ago', () => {
    expect(windows(cures(12, 1)).windows.timeoutSeconds).toBe(60);
    expect(windows(cures(12, 1), { nowMs: NOW_MS + 91 * DAY_MS }).windows).toBe(GIVEN);
  });
});

describe('how long health must last', () => {
  it('is longer by as much as shows most relapses, where health did not last', () => {
    const lessons = [...cures(5, 100), ...relapse(90, 'a'), ...relapse(100, 'b'), ...relapse(700, 'c')];
    expect(windows(lessons)).toEqual({
      windows: { stableSeconds: 150, timeoutSeconds: 300 },
      why: ['Health must last for 150 s instead of 60 s, since after restart it did not always last.'],
    });
  });

  it('is as the runbook says where no window that it allows would show a relapse, or they are few', () => {
    expect(windows([...cures(5, 100), ...relapse(700, 'a')]).windows).toBe(GIVEN);
    expect(windows([...cures(20, 100), ...relapse(90, 'a')]).windows).toBe(GIVEN);
  });
});

describe('whatever was learned', () => {
  it('nothing counts as recovered sooner than by the runbook, and every window is within its bounds (safety 37)', () => {
    const seconds = fc.integer({ min: 0, max: 20_000 });
    const story = fc.oneof(
      seconds.map((one) => [lesson([tried('restart', 'recovered', one)])]),
      fc.tuple(seconds, fc.constantFrom('a', 'b', 'c')).map(([one, name]) => relapse(one, name)),
      fc
        .constantFrom('failed' as const, 'worse' as const, 'late' as const, 'unknown' as const)
        .map((end) => [lesson([tried('restart', end)])]),
    );
    const rules = fc.record({
      ...{ windows: fc.boolean(), triesMin: fc.integer({ min: 3, max: 20 }) },
      ...{ timeoutSecondsMin: fc.integer({ min: 0, max: 900 }), stableSecondsMax: fc.integer({ min: 0, max: 900 }) },
    });
    fc.assert(
      fc.property(fc.array(story, { maxLength: 40 }), rules, fc.integer({ min: 0, max: 600 }), seconds, (all, rule, stable, timeout) => {
        const given = { stableSeconds: stable, timeoutSeconds: timeout };
        const { windows: now } = windows(all.flat(), { rules: rule, given });
        expect(now.stableSeconds).toBeGreaterThanOrEqual(stable);
        expect(now.stableSeconds).toBeLessThanOrEqual(Math.max(stable, rule.stableSecondsMax));
        expect(now.timeoutSeconds).toBeLessThanOrEqual(timeout);
        expect(now.timeoutSeconds).toBeGreaterThanOrEqual(Math.min(timeout, rule.timeoutSecondsMin));
        if (!rule.windows) expect(now).toBe(given);
      }),
    );
  });
});
