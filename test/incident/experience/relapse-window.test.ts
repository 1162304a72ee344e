import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Lesson } from '../../../incident/experience/lesson.ts';
import { relapseWindow } from '../../../incident/experience/relapse-window.ts';
import { DAY_MS, knownAfter, lesson, NOW_MS, target, times, tried } from './stories.ts';

const GIVEN = 1_800;
const RULES = { windows: true, relapseSecondsMax: 5_400 };
const window = (lessons: readonly Lesson[], { rules = RULES, nowMs = NOW_MS } = {}) =>
  relapseWindow(GIVEN, knownAfter(lessons).rows, rules, nowMs);
const cures = (count: number) => times(count, () => lesson([tried('restart', 'recovered')]));
let names = 0;
/** A cure after which the target failed again. */
const back = (afterSeconds: number) => {
  const cure = lesson([tried('restart', 'recovered')], { target: target(`again-${++names}`) });
  return [cure, lesson([], { target: cure.target, openedMs: cure.curedMs! + afterSeconds * 1000 })];
};

describe('for how long a failure after a cure is a relapse', () => {
  it('is as long as targets kept failing again later than the limit says, and why is said', () => {
    expect(window([...cures(5), ...back(2_000), ...back(2_400), ...back(1_900)])).toEqual({
      seconds: 2_401,
      why: 'What fails again within 2401 s of its cure was not cured, instead of 1800 s, since targets failed again later than that 3 times.',
    });
  });

  it.each([
    ['where that was seldom', [...cures(5), ...back(2_000), ...back(2_400)], RULES],
    ['where it was few of many cures', [...cures(60), ...back(2_000), ...back(2_400), ...back(1_900)], RULES],
    ['where all came within it', [...back(100), ...back(200), ...back(300)], RULES],
    ['where they came so late that they are other failures', [...back(6_000), ...back(7_000), ...back(8_000)], RULES],
    ['where the runbook does not let it learn', [...back(2_000), ...back(2_400), ...back(1_900)], { ...RULES, windows: false }],
  ])('is as the limit says %s', (_when, lessons, rules) => {
    expect(window(lessons, { rules })).toBeNull();
  });

  it('is gone by nothing that was measured long ago', () => {
    expect(window([...back(2_000), ...back(2_400), ...back(1_900)], { nowMs: NOW_MS + 91 * DAY_MS })).toBeNull();
  });

  it('is never shorter than the limit, nor longer than the runbook allows, whatever was learned (safety 37)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 12 }),
        fc.integer({ min: 0, max: 9_000 }),
        (after, relapseSecondsMax) => {
          const learned = window(after.flatMap(back), { rules: { windows: true, relapseSecondsMax } });
          if (learned === null) return;
          expect(learned.seconds).toBeGreaterThan(GIVEN);
          expect(learned.seconds).toBeLessThanOrEqual(relapseSecondsMax);
        },
      ),
    );
  });
});
