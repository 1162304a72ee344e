import { describe, expect, it } from '@jest/globals';
import { type GrantedAct, live } from '../../../bench/year/live.ts';
import { yearOf } from '../../../bench/year/world.ts';
import { DEFAULT_LIMITS } from '../../../runbooks/limits.ts';

const SEEDS = [1, 2];
const share = ({ atFirst, incidents }: { readonly atFirst: number; readonly incidents: number }) => atFirst / incidents;
const mean = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0) / numbers.length;

/** The most acts within any window of so many seconds. */
function mostWithin(acts: readonly GrantedAct[], seconds: number): number {
  const times = acts.map(({ atMs }) => atMs).sort((one, other) => one - other);
  let first = 0;
  return times.reduce((most, atMs, last) => {
    while (times[first]! <= atMs - seconds * 1000) first++;
    return Math.max(most, last - first + 1);
  }, 0);
}

function groups(acts: readonly GrantedAct[], of: (act: GrantedAct) => string | number): readonly (readonly GrantedAct[])[] {
  return [...Map.groupBy(acts, of).values()];
}

describe('a simulated year of thousands of incidents, whose remedies cure with rates that are hidden and drift', () => {
  const years = SEEDS.map((seed) => yearOf(seed, 'arbitrary')).map((cases) => ({
    fixed: live(cases, 'fixed'),
    learned: live(cases, 'learned'),
  }));

  it('sees many more recover at the first rung by what was learned than by a fixed ladder', () => {
    for (const { fixed, learned } of years) expect(share(learned)).toBeGreaterThan(share(fixed));
    expect(mean(years.map(({ fixed, learned }) => share(learned) - share(fixed)))).toBeGreaterThan(0.12);
  });

  it('sees as many recover in all, sooner, by fewer acts that make less worse, and gives up no cure by waiting less long', () => {
    for (const { fixed, learned } of years) {
      expect(learned.recovered).toBeGreaterThan(0.99 * fixed.recovered);
      expect(mean(learned.seconds)).toBeLessThan(mean(fixed.seconds));
      expect(learned.granted.length).toBeLessThan(fixed.granted.length);
      expect(learned.worse).toBeLessThanOrEqual(fixed.worse);
      expect(learned.cutOff).toBeLessThan(0.001 * learned.incidents);
    }
  });

  it('loses nothing where the ladder was well ordered at the beginning', () => {
    const cases = yearOf(1, 'well ordered');
    expect(share(live(cases, 'learned'))).toBeGreaterThan(share(live(cases, 'fixed')) - 0.005);
  });

  it('is granted no act beyond a limit of the guards, whatever was learned (safety 37)', () => {
    const { rates, target, cures } = DEFAULT_LIMITS;
    for (const { learned } of years) {
      const { granted } = learned;
      expect(granted.length).toBeGreaterThan(3_000);
      expect(mostWithin(granted, rates.namespace.perSeconds)).toBeLessThanOrEqual(rates.namespace.max);
      for (const acts of groups(granted, ({ remedy }) => remedy))
        expect(mostWithin(acts, rates.remedy.perSeconds)).toBeLessThanOrEqual(rates.remedy.max);
      // Of one target those that did not help are limited, and so are those that did.
      for (const acts of groups(granted, (act) => act.target))
        expect(mostWithin(acts, target.perSeconds)).toBeLessThanOrEqual(target.max + cures.max);
      for (const acts of groups(granted, ({ incident }) => incident)) expect(acts.length).toBeLessThanOrEqual(3);
    }
  });
});
