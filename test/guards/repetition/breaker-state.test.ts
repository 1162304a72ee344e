import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Act, ActOutcome } from '../../../guards/ledger/ledger.ts';
import { breakerState } from '../../../guards/repetition/breaker-state.ts';
import { act } from '../asked.ts';

/** Three failures within ten minutes open it for one minute. */
const LIMITS = { failures: 3, withinSeconds: 600, openSeconds: 60 };

/** Seconds since the tests' beginning, as all times here. */
const at = (grantedMs: number, endedMs: number | null, outcome: ActOutcome | null = 'failed', relapsedMs: number | null = null): Act =>
  act({
    incident: `of-${grantedMs}`,
    grantedMs: grantedMs * 1000,
    endedMs: endedMs === null ? null : endedMs * 1000,
    outcome: endedMs === null ? null : outcome,
    relapsedMs: relapsedMs === null ? null : relapsedMs * 1000,
  });
const good = (grantedMs: number, endedMs: number, relapsedMs: number | null = null) => at(grantedMs, endedMs, 'recovered', relapsedMs);
const state = (acts: readonly Act[], now: number, reset: number | null = null, limits = LIMITS) =>
  breakerState(acts, limits, reset === null ? null : reset * 1000, now * 1000);
const closed = (failures: number) => ({ kind: 'closed', failures });
const open = (failures: number, since: number, until: number) => ({ kind: 'open', failures, sinceMs: since * 1000, untilMs: until * 1000 });
const halfOpen = (failures: number, since: number, probe: string | null = null) => ({
  kind: 'halfOpen',
  failures,
  sinceMs: since * 1000,
  probe,
});

/** Opens at 30 until 90. */
const OPENED = [at(1, 10), at(11, 20), at(21, 30)];

describe('a circuit breaker', () => {
  it('is closed when nothing was done', () => {
    expect(state([], 100)).toEqual(closed(0));
  });

  it('opens with the last of so many failures, and not before', () => {
    expect(state(OPENED.slice(0, 2), 30)).toEqual(closed(2));
    expect(state(OPENED, 30)).toEqual(open(3, 30, 90));
  });

  it.each(['failed', 'ineffective', 'inconclusive'] as const)('counts what was %s (safety 4)', (outcome) => {
    expect(state([at(1, 10, outcome)], 30)).toEqual(closed(1));
  });

  it('counts what is as old as time itself, where nobody reset it', () => {
    expect(state([at(0, 0)], 1)).toEqual(closed(1));
  });

  it('counts neither cures that last, nor unused permits, nor what is not over (safety 4)', () => {
    expect(state([good(1, 10), at(11, 20, 'unused'), at(21, null)], 30)).toEqual(closed(0));
  });

  it('counts a cure that did not last, at the time when that was seen (safety 4)', () => {
    expect(state([good(1, 10, 400), at(11, 20), at(21, 30)], 400)).toEqual(open(3, 400, 460));
    expect(state([good(1, 10, 400), at(11, 20), at(21, 30)], 399)).toMatchObject({ kind: 'open' });
  });

  it('forgets a failure that is the whole window old when the last one comes', () => {
    expect(state([at(1, 10), at(11, 20), at(21, 610)], 611)).toEqual(closed(2));
    expect(state([at(1, 10), at(11, 20), at(21, 609)], 609)).toEqual(open(3, 609, 669));
    expect(state([at(1, 10)], 610)).toEqual(closed(0));
    expect(state([at(1, 10)], 609)).toEqual(closed(1));
  });

  it('is not closed by good luck elsewhere while it counts', () => {
    expect(state([at(1, 10), at(11, 20), good(21, 25), at(26, 30)], 30)).toMatchObject({ kind: 'open' });
  });

  it('lets one try once its time is over, and only one while that one is not over (safety 20)', () => {
    expect(state(OPENED, 89)).toEqual(open(3, 30, 90));
    expect(state(OPENED, 90)).toEqual(halfOpen(3, 90));
    expect(state([...OPENED, at(90, null)], 95)).toEqual(halfOpen(3, 90, 'of-90'));
  });

  it('lets another try when the permit was not used', () => {
    expect(state([...OPENED, at(90, 95, 'unused')], 95)).toEqual(halfOpen(3, 90));
  });

  it('lets no try beside what was begun before it opened and is not over (safety 20)', () => {
    expect(state([...OPENED, at(25, null)], 90)).toEqual(halfOpen(3, 90, 'of-25'));
  });

  it('is closed by a try that went well, and counts from nought', () => {
    expect(state([...OPENED, good(90, 100)], 100)).toEqual(closed(0));
    expect(state([...OPENED, good(90, 100), at(101, 110), at(111, 120)], 120)).toEqual(closed(2));
    expect(state([...OPENED, good(90, 100), at(101, 110), at(111, 120), at(121, 130)], 130)).toEqual(open(3, 130, 190));
  });

  it('opens twice as long with each try that fails, up to a day (safety 14)', () => {
    expect(state([...OPENED, at(90, 100)], 100)).toEqual(open(4, 100, 220));
    expect(state([...OPENED, at(90, 100), at(220, 230)], 230)).toEqual(open(5, 230, 470));
    expect(state([...OPENED, at(90, 100), at(220, 230), at(470, 480)], 480)).toEqual(open(6, 480, 960));
    const day = { failures: 1, withinSeconds: 600, openSeconds: 50_000 };
    expect(state([at(1, 10)], 10, null, day)).toEqual(open(1, 10, 50_010));
    expect(state([at(1, 10), at(50_010, 50_020)], 50_020, null, day)).toEqual(open(1, 50_020, 136_420));
  });

  it('stays open for a day even after as many tries as the record holds', () => {
    const tries = Array.from({ length: 1_100 }, (_, index) => at(90_000 * index, 90_000 * index + 1));
    expect(state(tries, 90_000 * 1_099 + 1, null, { ...LIMITS, failures: 1 })).toMatchObject({
      untilMs: (90_000 * 1_099 + 1 + 86_400) * 1000,
    });
  });

  it('is not closed by what was begun while it was not yet to be tried', () => {
    expect(state([...OPENED, good(25, 100)], 100)).toEqual(halfOpen(3, 90));
    expect(state([...OPENED, good(89, 100)], 100)).toEqual(halfOpen(3, 90));
  });

  it('stays open longer, but not twice as long, by what was begun before it opened and failed late', () => {
    expect(state([...OPENED, at(25, 50)], 50)).toEqual(open(4, 50, 110));
    expect(state([...OPENED, at(25, 50), at(110, 120)], 120)).toEqual(open(5, 120, 240));
    expect(state([...OPENED, at(25, 100)], 100)).toEqual(open(4, 100, 160));
    // What opened it may be forgotten by then.
    expect(state([...OPENED, at(25, 1_000)], 1_000, null, { ...LIMITS, openSeconds: 3_600 })).toEqual(open(1, 1_000, 4_600));
  });

  it('takes nothing for a try that was granted while it was open longer than at first', () => {
    expect(state([...OPENED, at(25, 50), at(95, 120)], 120)).toEqual(open(5, 120, 180));
  });

  it('takes a try for one, though something else fails meanwhile: a bad end doubles, a good one does not close', () => {
    const late = good(2, 3, 95);
    expect(state([...OPENED, at(25, 90), at(90, 100)], 100)).toEqual(open(5, 100, 220));
    expect(state([...OPENED, late, at(90, 100)], 100)).toEqual(open(5, 100, 220));
    expect(state([...OPENED, late, good(90, 100)], 100)).toEqual(open(4, 95, 155));
    expect(state([...OPENED, late, at(90, 100), at(155, 230)], 230)).toEqual(open(6, 230, 350));
  });

  it('opens again, twice as long, when the cure of the try that closed it does not last (safety 4)', () => {
    expect(state([...OPENED, good(90, 100, 200)], 200)).toEqual(open(1, 200, 320));
    expect(state([...OPENED, at(90, 100), good(220, 230, 300)], 300)).toEqual(open(1, 300, 540));
    expect(state([...OPENED, good(90, 100), good(101, 105, 200)], 200)).toEqual(closed(1));
  });

  it('opens for the longer of two reasons when that cure ends while it is open again', () => {
    const again = [at(101, 110), at(111, 120), at(121, 130)];
    expect(state([...OPENED, good(90, 100, 140), ...again], 140)).toEqual(open(4, 140, 260));
    expect(state([...OPENED, good(90, 100, 200), ...again, at(190, 195)], 200)).toEqual(open(5, 200, 440));
  });

  it('forgets what came out until a person reset it, and nothing later (safety 37)', () => {
    expect(state(OPENED, 31, 30)).toEqual(closed(0));
    expect(state(OPENED, 31, 29)).toEqual(closed(1));
    expect(state([...OPENED, at(25, 40)], 41, 30)).toEqual(closed(1));
    expect(state([...OPENED, good(2, 3, 40)], 41, 30)).toEqual(closed(1));
  });

  it('never closes but by a try that went well, whatever the order of things (safety 20)', () => {
    const one = fc.record({
      grantedMs: fc.integer({ min: 0, max: 2_000 }),
      took: fc.integer({ min: 0, max: 300 }),
      outcome: fc.constantFrom<ActOutcome>('failed', 'ineffective', 'inconclusive', 'recovered'),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (history) => {
        const acts = history
          .map(({ grantedMs, took, outcome }) => at(grantedMs, grantedMs + took, outcome))
          .sort((a, b) => a.grantedMs - b.grantedMs);
        let before = state([], 0);
        for (let now = 0; now <= 2_400; now += 1) {
          const after = state(
            acts.filter(({ endedMs }) => endedMs! <= now * 1000),
            now,
          );
          if (before.kind === 'halfOpen' && after.kind === 'closed') {
            const closing = acts.filter(({ endedMs, outcome }) => endedMs === now * 1000 && outcome === 'recovered');
            expect(closing.some(({ grantedMs }) => grantedMs >= (before as { sinceMs: number }).sinceMs)).toBe(true);
          }
          if (before.kind === 'open') expect(after.kind).not.toBe('closed');
          before = after;
        }
      }),
      { numRuns: 30 },
    );
  });
});
