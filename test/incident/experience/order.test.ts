import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Lesson } from '../../../incident/experience/lesson.ts';
import { type OrderRules, orderRungs } from '../../../incident/experience/order.ts';
import { REMEDIES } from '../../../incident/remedy.ts';
import { DAY_MS, knownAfter, lesson, NOW_MS, times, tried } from './stories.ts';

const RULES: OrderRules = { reorder: true, skip: true, triesMin: 5 };
const TIMES = { stableSeconds: 60, inVainSeconds: 330 };
const LADDER = ['rollBackModel', 'undoRelease'] as const;

function ordered(lessons: readonly Lesson[], { rules = RULES, nowMs = NOW_MS, target = 'ml/Deployment/other' } = {}) {
  return orderRungs(LADDER, { rows: knownAfter(lessons).rows, target, nowMs }, rules, TIMES);
}

const mildFails = (count: number) => times(count, () => lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'recovered')]));
const mildCures = (count: number, seconds = 120) => times(count, () => lesson([tried('rollBackModel', 'recovered', seconds)]));

describe('the order of remedies', () => {
  it('is the runbook’s where nothing is known', () => {
    expect(ordered([])).toEqual({ rungs: LADDER, leftOut: [], why: [] });
  });

  it('puts a remedy before a milder one that it surely beats, and says by what', () => {
    const { rungs, why } = ordered([...mildFails(12), ...mildCures(3)]);
    expect(rungs).toEqual(['undoRelease', 'rollBackModel']);
    expect(why).toEqual([
      'undoRelease is tried before rollBackModel, since it cured 12 of 12 such cases in 40 s, and rollBackModel cured 3 of 15 such cases in 120 s.',
    ]);
  });

  it('stays the runbook’s after too few tries of either', () => {
    expect(ordered(mildFails(4)).rungs).toEqual(LADDER);
    const alone = times(12, () => lesson([tried('undoRelease', 'recovered')]));
    expect(ordered(alone).rungs).toEqual(LADDER);
  });

  it('does not change for speed alone where the milder one cures about as often', () => {
    const fast = times(15, () => lesson([tried('undoRelease', 'recovered', 5)]));
    expect(ordered([...fast, ...mildCures(15, 250)]).rungs).toEqual(LADDER);
  });

  it('does not change by what was seen on one target alone, except for that one', () => {
    const own = mildFails(12).map((one) => ({ ...one, target: { ...one.target, name: 'ranker' } }));
    expect(ordered(own).rungs).toEqual(LADDER);
    expect(ordered(own, { target: 'ml/Deployment/ranker' }).rungs[0]).toBe('undoRelease');
  });

  it('counts what cannot be told against the remedy that would overtake, and not against the one that would be overtaken', () => {
    const unsure = times(12, () => lesson([tried('rollBackModel', 'unknown'), tried('undoRelease', 'recovered')]));
    expect(ordered(unsure).rungs).toEqual(LADDER);
    const both = [...mildFails(8), ...mildCures(3), ...times(8, () => lesson([tried('undoRelease', 'unknown')]))];
    expect(ordered(both).rungs).toEqual(LADDER);
  });

  it('does not put a remedy that made it worse before a milder one, however often it cures', () => {
    const harm = times(4, () => lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'worse')]));
    expect(ordered([...mildFails(8), ...mildCures(3), ...harm]).rungs).toEqual(LADDER);
  });

  it('gives a remedy that was overtaken another chance once what was seen of it is old', () => {
    const lessons = mildFails(12);
    expect(ordered(lessons, { nowMs: NOW_MS + 20 * DAY_MS }).rungs[0]).toBe('undoRelease');
    expect(ordered(lessons, { nowMs: NOW_MS + 60 * DAY_MS }).rungs).toEqual(LADDER);
  });

  it('leaves out what surely cures hardly any such case, and says so', () => {
    const hopeless = times(18, () => lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'failed')]));
    const { rungs, leftOut } = ordered(hopeless);
    expect(rungs).toEqual([]);
    expect(leftOut).toEqual([
      { rung: 'rollBackModel', why: 'rollBackModel is left out, since it cured 0 of 18 such cases.' },
      { rung: 'undoRelease', why: 'undoRelease is left out, since it cured 0 of 18 such cases.' },
    ]);
    expect(ordered(hopeless.slice(0, 8)).leftOut).toEqual([]);
    expect(ordered(hopeless, { nowMs: NOW_MS + 45 * DAY_MS }).leftOut).toEqual([]);
    expect(ordered(hopeless, { rules: { ...RULES, skip: false } }).rungs).toEqual(LADDER);
  });
});

describe('whatever was learned', () => {
  const ends = fc.constantFrom('recovered' as const, 'failed' as const, 'worse' as const, 'late' as const, 'unknown' as const);
  const act = fc.tuple(fc.constantFrom(...REMEDIES), ends, fc.integer({ min: 0, max: 20_000 }));
  const lessons = fc.array(
    fc.record({ acts: fc.array(act, { maxLength: 4 }), daysAgo: fc.integer({ min: 0, max: 200 }), name: fc.constantFrom('a', 'b', 'c') }),
    { maxLength: 60 },
  );

  it('the remedies that are tried are those of the ladder or some of them, each once, the same each time (safety 37)', () => {
    fc.assert(
      fc.property(lessons, fc.subarray([...REMEDIES]), fc.boolean(), fc.boolean(), (all, ladder, reorder, skip) => {
        const known = all
          .toSorted((one, other) => other.daysAgo - one.daysAgo)
          .reduce((before, { acts, daysAgo, name }) => {
            const one = lesson(
              acts.map(([remedy, end, seconds]) => tried(remedy, end, seconds)),
              { openedMs: NOW_MS - daysAgo * DAY_MS },
            );
            return knownAfter([{ ...one, target: { ...one.target, name } }], before, NOW_MS - daysAgo * DAY_MS);
          }, knownAfter([]));
        const order = () =>
          orderRungs(ladder, { rows: known.rows, target: 'ml/Deployment/a', nowMs: NOW_MS }, { reorder, skip, triesMin: 3 }, TIMES);
        const { rungs, leftOut, why } = order();
        const left = leftOut.map(({ rung }) => rung);
        expect([...rungs, ...left].toSorted()).toEqual(ladder.toSorted());
        expect(rungs.length === 0 || !reorder ? rungs : null).toEqual(
          rungs.length === 0 || !reorder ? ladder.filter((one) => !left.includes(one)) : null,
        );
        if (!skip) expect(left).toEqual([]);
        expect(why.length > 0).toBe(rungs.join() !== ladder.filter((one) => !left.includes(one)).join());
        expect(order()).toEqual({ rungs, leftOut, why });
      }),
    );
  });
});
