import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type FreezeWindow, WEEKDAYS } from '../../../guards/limits.ts';
import { inForceUntil } from '../../../guards/people/calendar.ts';
import { changesOf, onTheWall, ZONE_NAMES, type Zone } from './zones.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const at = (text: string) => Date.parse(text);

type Weekly = FreezeWindow & { kind: 'weekly' };
const nights: Weekly = { kind: 'weekly', reason: 'nobody is there', days: ['Fri'], from: '22:00', to: '06:30', timezone: 'UTC' };
const always: Weekly = { ...nights, days: WEEKDAYS, from: '00:00', to: '00:00' };

describe('inForceUntil()', () => {
  it.each([
    ['a second before it begins', '2026-06-12T21:59:59Z', null],
    ['when it begins', '2026-06-12T22:00:00Z', '2026-06-13T06:30:00Z'],
    ['past midnight', '2026-06-13T00:00:00Z', '2026-06-13T06:30:00Z'],
    ['a millisecond before it ends', '2026-06-13T06:29:59.999Z', '2026-06-13T06:30:00Z'],
    ['when it ends', '2026-06-13T06:30:00Z', null],
    ['in the morning of its day', '2026-06-12T06:00:00Z', null],
    ['in the evening after its day', '2026-06-13T22:00:00Z', null],
  ])('of a night from Friday on: %s', (_when, now, until) => {
    expect(inForceUntil(nights, at(now))).toBe(until && at(until));
  });

  it.each([
    ['before it begins', '2026-06-14T07:59:00Z', null],
    ['when it begins', '2026-06-14T08:00:00Z', '2026-06-14T17:00:00Z'],
    ['when it ends', '2026-06-14T17:00:00Z', null],
    ['on another day', '2026-06-15T09:00:00Z', null],
  ])('of a Sunday: %s', (_when, now, until) => {
    expect(inForceUntil({ ...nights, days: ['Sun'], from: '08:00', to: '17:00' }, at(now))).toBe(until && at(until));
  });

  it('joins Saturday to Sunday', () => {
    expect(inForceUntil({ ...nights, days: ['Sat'] }, at('2026-06-14T06:29:00Z'))).toBe(at('2026-06-14T06:30:00Z'));
  });

  it('takes a window that ends when it begins for a whole day', () => {
    const wholeDay: Weekly = { ...nights, from: '10:00', to: '10:00' };
    expect(inForceUntil(wholeDay, at('2026-06-12T10:00:00Z'))).toBe(at('2026-06-13T10:00:00Z'));
    expect(inForceUntil(wholeDay, at('2026-06-12T09:59:00Z'))).toBeNull();
  });

  it('takes no day for none, not for all (safety 10)', () => {
    expect(inForceUntil({ ...always, days: [] }, at('2026-06-12T10:00:00Z'))).toBeNull();
  });

  it('says that a window without an end holds for the week to come, and a day more', () => {
    expect(inForceUntil(always, at('2026-06-12T10:00:30Z'))).toBe(at('2026-06-20T10:00:00Z'));
  });

  it('looks no further than that, even where the calendar leaves out the day on which it would end', () => {
    // Samoa went from Thursday the 29th of December 2011 to Saturday the 31st, so that this window holds for 13 days.
    const butFridays: Weekly = { ...always, days: WEEKDAYS.filter((day) => day !== 'Fri'), timezone: 'Pacific/Apia' };
    const end = at('2012-01-06T00:00:00+14:00');
    expect(inForceUntil(butFridays, end - 8 * DAY_MS - MINUTE_MS)).toBe(end - MINUTE_MS);
    expect(inForceUntil(butFridays, end - 8 * DAY_MS + MINUTE_MS)).toBe(end);
  });

  it('asks the zone twice an hour, not every minute, while no clock is changed', () => {
    const asks = jest.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
    inForceUntil({ ...always, timezone: 'Europe/Berlin' }, at('2026-06-12T10:00:00Z'));
    expect(asks.mock.calls.length).toBeLessThanOrEqual(1 + 2 * 8 * 24);
    asks.mockRestore();
  });

  it.each([
    ['a night of 23 hours', '2026-03-28T22:00:00Z', '2026-03-29T04:00:00Z', 'Sat'],
    ['a night of 25 hours', '2026-10-24T22:00:00Z', '2026-10-25T05:00:00Z', 'Sat'],
  ] as const)('ends when the clock on the wall says so, after %s (safety 25)', (_night, now, until, day) => {
    const berlin: Weekly = { ...nights, days: [day], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' };
    expect(inForceUntil(berlin, at(now))).toBe(at(until));
  });

  it('ends when the clock is put back to before it begins (safety 25)', () => {
    const night: Weekly = { ...nights, days: ['Sun'], from: '02:30', to: '04:00', timezone: 'Europe/Berlin' };
    expect(inForceUntil(night, at('2026-10-25T00:40:00Z'))).toBe(at('2026-10-25T01:00:00Z'));
    expect(inForceUntil(night, at('2026-10-25T01:30:00Z'))).toBe(at('2026-10-25T03:00:00Z'));
  });

  const once: FreezeWindow = { kind: 'once', reason: 'a move', from: '2026-06-12T10:00:00+02:00', until: '2026-06-12T12:00:00+02:00' };

  it.each([
    ['a millisecond before', '2026-06-12T07:59:59.999Z', null],
    ['from its first moment', '2026-06-12T08:00:00Z', '2026-06-12T10:00:00Z'],
    ['to its last', '2026-06-12T09:59:59.999Z', '2026-06-12T10:00:00Z'],
    ['and no longer', '2026-06-12T10:00:00Z', null],
  ])('of a single time: %s', (_when, now, until) => {
    expect(inForceUntil(once, at(now))).toBe(until && at(until));
  });

  it.each([
    ['beginning', { ...once, from: 'tomorrow' }],
    ['end', { ...once, until: '' }],
    ['time zone', { ...nights, timezone: 'Moon/Crater' }],
    ['time of day it begins', { ...nights, from: '25:00' }],
    ['time of day it begins, with a digit too many before it,', { ...nights, from: '122:00' }],
    ['time of day it ends, with a digit too many after it,', { ...nights, to: '06:300' }],
    ['time of day it ends', { ...nights, to: '6:30' }],
  ])('holds for a day where its %s cannot be read (safety 18)', (_what, window) => {
    expect(inForceUntil(window, at('2026-06-10T12:00:00Z'))).toBe(at('2026-06-11T12:00:00Z'));
  });
});

describe('a weekly window, against tables of when clocks are changed', () => {
  const timeOfDay = fc
    .integer({ min: 0, max: 1439 })
    .map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
  const cases = fc.constantFrom(...ZONE_NAMES).chain((timezone) =>
    fc.record({
      window: fc.record({
        kind: fc.constant('weekly' as const),
        reason: fc.constant('a test'),
        days: fc.subarray([...WEEKDAYS]),
        from: fc.oneof(timeOfDay, fc.constantFrom('00:00', '01:59', '02:00', '02:30', '03:00')),
        to: fc.oneof(timeOfDay, fc.constantFrom('00:00', '01:59', '02:00', '02:30', '03:00')),
        timezone: fc.constant(timezone),
      }),
      nowMs: fc.oneof(
        fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2026-12-31T00:00Z') }),
        fc
          .tuple(fc.constantFrom(...changesOf(timezone), at('2026-06-01T00:00Z')), fc.integer({ min: -2 * DAY_MS, max: DAY_MS }))
          .map(([change, off]) => change + off),
      ),
    }),
  );

  it('holds exactly while the wall clock is in it, and until the first moment that is not (safety 25)', () => {
    fc.assert(
      fc.property(cases, ({ window, nowMs }) => {
        expect(inForceUntil(window, nowMs)).toBe(untilByTable(window, nowMs));
      }),
      { numRuns: 300 },
    );
  });
});

/** The same by other means: minute after minute is looked up in a week's table of minutes that are frozen. */
function untilByTable(window: Weekly, nowMs: number): number | null {
  const frozen = new Set<string>();
  for (const day of window.days) {
    // The 7th of June 2026 was a Sunday.
    let wall = new Date(`2026-06-${String(7 + WEEKDAYS.indexOf(day)).padStart(2, '0')}T${window.from}Z`);
    do {
      frozen.add(cellOf(wall));
      wall = new Date(wall.getTime() + MINUTE_MS);
    } while (wall.toISOString().slice(11, 16) !== window.to);
  }
  const isFrozen = (atMs: number) => frozen.has(cellOf(onTheWall(window.timezone as Zone, atMs)));
  if (!isFrozen(nowMs)) return null;
  const start = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  for (let end = start; end < start + 8 * DAY_MS; end += MINUTE_MS) if (!isFrozen(end)) return end;
  return start + 8 * DAY_MS;
}

function cellOf(wall: Date): string {
  return `${wall.getUTCDay()} ${wall.getUTCHours()}:${wall.getUTCMinutes()}`;
}
