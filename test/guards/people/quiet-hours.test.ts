import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WEEKDAYS } from '../../../guards/limits.ts';
import { levelDue, mayTellFrom, type QuietHours } from '../../../guards/people/quiet-hours.ts';
import { isBelow, SEVERITIES, type Severity } from '../../../incident/severity.ts';

const nights: QuietHours = { from: '22:00', to: '07:00', days: [...WEEKDAYS], timezone: 'Europe/Berlin', below: 'critical' };
const at = (time: string) => Date.parse(time);
const told = (time: string, severity: Severity = 'error', hours: QuietHours | null = nights) =>
  new Date(mayTellFrom(hours, severity, at(time))).toISOString();

describe('quiet hours', () => {
  it.each<[string, string, string]>([
    ['before they begin', '2026-11-20T20:59:59.000Z', '2026-11-20T20:59:59.000Z'],
    ['as they begin', '2026-11-20T21:00:00.000Z', '2026-11-21T06:00:00.000Z'],
    ['in the middle of the night', '2026-11-21T02:30:10.000Z', '2026-11-21T06:00:00.000Z'],
    ['in the last minute', '2026-11-21T05:59:59.000Z', '2026-11-21T06:00:00.000Z'],
    ['as they end', '2026-11-21T06:00:00.000Z', '2026-11-21T06:00:00.000Z'],
    ['in the night in which clocks go back', '2026-10-24T22:00:00.000Z', '2026-10-25T06:00:00.000Z'],
    ['in the night in which clocks go forward', '2026-03-28T22:00:00.000Z', '2026-03-29T05:00:00.000Z'],
  ])('let what can wait be told %s (safety 25)', (_when, now, from) => {
    expect(told(now)).toBe(from);
  });

  it.each<[Severity, QuietHours['below'], boolean]>([
    ['critical', 'critical', false],
    ['error', 'critical', true],
    ['warning', 'critical', true],
    ['info', 'critical', true],
    ['error', 'error', false],
    ['warning', 'error', true],
    ['warning', 'warning', false],
    ['info', 'warning', true],
  ])('hold %s back below %s: %s', (severity, below, isHeld) => {
    expect(told('2026-11-21T02:00:00.000Z', severity, { ...nights, below }) !== '2026-11-21T02:00:00.000Z').toBe(isHeld);
  });

  it('begin on their days alone', () => {
    // A Friday's night ends on Saturday; a Saturday has none.
    const fridays = { ...nights, days: ['Fri' as const] };
    expect(told('2026-11-21T02:00:00.000Z', 'error', fridays)).toBe('2026-11-21T06:00:00.000Z');
    expect(told('2026-11-21T23:00:00.000Z', 'error', fridays)).toBe('2026-11-21T23:00:00.000Z');
  });

  it('hold nothing back where there are none, or their zone is not known here: rather woken than not told', () => {
    expect(told('2026-11-21T02:00:00.000Z', 'info', null)).toBe('2026-11-21T02:00:00.000Z');
    expect(told('2026-11-21T02:00:00.000Z', 'info', { ...nights, timezone: 'Mars/Olympus' })).toBe('2026-11-21T02:00:00.000Z');
  });

  const clock = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((one) => String(one).padStart(2, '0')).join(':'));
  const anyHours: fc.Arbitrary<QuietHours> = fc.record({
    from: clock,
    to: clock,
    days: fc.subarray([...WEEKDAYS], { minLength: 1 }),
    timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
    below: fc.constantFrom('critical', 'error', 'warning'),
  });
  const anyTime = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') });

  it('never hold back what is critical, bring nothing forward, and once over let it be told (safety 25, 31)', () => {
    fc.assert(
      fc.property(anyHours, fc.constantFrom(...SEVERITIES), anyTime, (hours, severity, nowMs) => {
        const fromMs = mayTellFrom(hours, severity, nowMs);
        expect(fromMs).toBeGreaterThanOrEqual(nowMs);
        if (severity === 'critical' || !isBelow(severity, hours.below)) expect(fromMs).toBe(nowMs);
        // Quiet all week long goes on for ever, and is asked about again.
        else if (fromMs - nowMs < 7 * 86_400_000) expect(mayTellFrom(hours, severity, fromMs)).toBe(fromMs);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a level', () => {
  const level = (afterSeconds: number, severity: Severity = 'error') => ({ afterSeconds, severity });
  const due = (one: { afterSeconds: number; severity: Severity }, began: string) =>
    new Date(levelDue(nights, one, at(began))).toISOString();

  it.each<[string, number, Severity, string, string]>([
    ['by day: after its time', 900, 'error', '2026-11-20T12:00:00.000Z', '2026-11-20T12:15:00.000Z'],
    ['whose time comes in quiet hours: when they end', 900, 'error', '2026-11-20T20:50:00.000Z', '2026-11-21T06:00:00.000Z'],
    ['of what began in quiet hours, and is the first: when they end', 0, 'error', '2026-11-21T02:00:00.000Z', '2026-11-21T06:00:00.000Z'],
    [
      'of what began in quiet hours, and is a later one: as long after they end',
      900,
      'error',
      '2026-11-21T02:00:00.000Z',
      '2026-11-21T06:15:00.000Z',
    ],
    ['that is critical: after its time, in quiet hours as well', 900, 'critical', '2026-11-21T02:00:00.000Z', '2026-11-21T02:15:00.000Z'],
  ])('is told %s', (_what, afterSeconds, severity, began, when) => {
    expect(due(level(afterSeconds, severity), began)).toBe(when);
  });
});
