import { describe, expect, it } from '@jest/globals';
import { broughtTo } from '../../../guards/ledger/forget.ts';
import type { Act, Ledger } from '../../../guards/ledger/ledger.ts';
import { act, ledger, NOW } from '../asked.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const rollback = { subject: 'model churn', from: '4', to: '3', toIsQuarantined: false };

/** What is left of a list of entries that are so old, in milliseconds. */
const acts = (...list: Act[]) => broughtTo(ledger({ acts: list }), NOW).acts;
const aged = (ageMs: number, change: Partial<Act> = {}) =>
  act({ grantedMs: NOW - ageMs - 60_000, actedMs: NOW - ageMs - 30_000, endedMs: NOW - ageMs, ...change });

describe('the record', () => {
  it('goes forward with the clock and never back (safety 25)', () => {
    expect(broughtTo(ledger(), NOW + 1).latestMs).toBe(NOW + 1);
    expect(broughtTo(ledger(), NOW - 1).latestMs).toBe(NOW);
  });

  it('forgets nothing when the clock is put back (safety 25)', () => {
    const before = ledger({ acts: [aged(WEEK - 1)], resets: [{ of: 'x', by: 'mia', atMs: NOW }] });
    expect(broughtTo(before, NOW - 100 * DAY)).toEqual(before);
  });

  it('remembers an act for a week from its end', () => {
    const kept = aged(WEEK - 1);
    expect(acts(kept, aged(WEEK))).toEqual([kept]);
  });

  it('remembers a cure for a week from when it did not last', () => {
    const kept = aged(WEEK, { relapsedMs: NOW - WEEK + 1 });
    expect(acts(kept, aged(WEEK, { relapsedMs: NOW - WEEK }))).toEqual([kept]);
  });

  it('remembers from the permit where the end is older', () => {
    const kept = aged(WEEK, { grantedMs: NOW - WEEK + 1 });
    expect(acts(kept)).toEqual([kept]);
  });

  it('remembers going back for ninety days', () => {
    const kept = aged(90 * DAY - 1, { rollback });
    expect(acts(kept, aged(90 * DAY, { rollback }))).toEqual([kept]);
  });

  it('never forgets a permit that is out (safety 32)', () => {
    const open = aged(400 * DAY, { outcome: null, actedMs: null, endedMs: null });
    expect(acts(open)).toEqual([open]);
  });

  it('remembers an unused permit for ten minutes, so that a late message cannot have it given anew', () => {
    const kept = aged(600_000 - 1, { outcome: 'unused' });
    expect(acts(kept, aged(600_000, { outcome: 'unused', rollback }))).toEqual([kept]);
  });

  it('remembers the latest hundred unused permits, and every other act beside them', () => {
    const unused = Array.from({ length: 101 }, (_, index) => aged(1_000, { id: `${index}`, outcome: 'unused' }));
    const other = aged(1_000, { id: 'other' });
    expect(acts(unused[0]!, other, ...unused.slice(1)).map(({ id }) => id)).toEqual(['other', ...unused.slice(1).map(({ id }) => id)]);
    const busy = [unused[0]!, ...Array<Act>(100).fill(other)];
    expect(acts(...busy)).toEqual(busy);
  });

  it('remembers for a day a failure that is over, and one that is open without end', () => {
    const failure = { incident: 'a', run: 'b', target: 't', suspects: [], isOpen: false, atMs: NOW - DAY + 1 };
    const open = { ...failure, isOpen: true, atMs: NOW - 30 * DAY };
    const { failures } = broughtTo(ledger({ failures: [failure, open, { ...failure, atMs: NOW - DAY }] }), NOW);
    expect(failures).toEqual([failure, open]);
  });

  it('remembers a freeze until it ends, and one without an end for ever', () => {
    const freeze = { namespace: null, runbook: null, by: 'mia', reason: '', sinceMs: 0, untilMs: null };
    const ending = { ...freeze, untilMs: NOW + 1 };
    expect(broughtTo(ledger({ freezes: [freeze, ending, { ...freeze, untilMs: NOW }] }), NOW).freezes).toEqual([freeze, ending]);
  });

  it('remembers a reset as long as any act that it is about', () => {
    const reset = { of: 'remedy undoRelease', by: 'mia', atMs: NOW - 90 * DAY + 1 };
    expect(broughtTo(ledger({ resets: [reset, { ...reset, atMs: NOW - 90 * DAY }] }), NOW).resets).toEqual([reset]);
  });

  it('remembers for a day what was seen', () => {
    const sighting = { of: 'nodes', count: 9, atMs: NOW - DAY + 1 };
    expect(broughtTo(ledger({ sightings: [sighting, { ...sighting, atMs: NOW - DAY }] }), NOW).sightings).toEqual([sighting]);
  });

  it('leaves everything else as it is', () => {
    const before: Ledger = ledger({
      heartbeats: { prometheus: 1 },
      lostMs: 5,
      holds: [{ incident: 'a', run: 'b', targets: [], sinceMs: 0 }],
    });
    expect(broughtTo(before, NOW)).toEqual(before);
  });
});
