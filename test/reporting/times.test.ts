import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { waitedMs, waitsOf } from '../../reporting/history/waits.ts';
import { spreadOf } from '../../reporting/measures/counting.ts';
import { measure } from '../../reporting/measures/measure.ts';
import { told } from '../../reporting/stories.ts';
import { act, at, closed, healed, incident, msAt, reportOn, WEEK } from './told-incidents.ts';

const phases = (...all: readonly (readonly [string, number])[]) => all.map(([phase, seconds]) => ({ phase, sinceMs: msAt(seconds) }));

describe('how long it took', () => {
  it('to detect is from when its source saw it begin, of those that say so', () => {
    const since = (seconds: number) => ({ alert: { name: 'A', since: at(seconds) } });
    const runs = [incident(100, [[0, 'Opened', since(40)]]), incident(200, [[0, 'Opened', since(180)]]), incident(300, [[0, 'Opened']])];
    expect(reportOn(runs).times.detect).toEqual({ of: 2, medianMs: 40_000, p90Ms: 60_000, longestMs: 60_000, incidents: [1, 2] });
  });

  it('is nothing where a clock was set so that it began after it was opened', () => {
    const run = incident(100, [[0, 'Opened', { alert: { name: 'A', since: at(160) } }]]);
    expect(reportOn([run]).times.detect.of).toBe(0);
  });

  it('to first action and to recover are from when it was opened', () => {
    const { times } = reportOn([healed(100, 71)]);
    expect(times.firstAction.all).toMatchObject({ of: 1, medianMs: 61_000 });
    expect(times.recover.all).toMatchObject({ of: 1, medianMs: 71_000, incidents: [1] });
  });

  it('to recover is until the last verdict, and there is none where it was not well in the end', () => {
    const second = incident(10, [
      [0, 'Opened'],
      ...act(5, 'notRecovered'),
      ...act(50, 'recovered', 'restart', 'k2'),
      closed(90, 'recovered'),
    ]);
    const lost = incident(20, [[0, 'Opened'], ...act(5, 'recovered'), [40, 'Escalated'], closed(90, 'escalated')]);
    expect(reportOn([second, lost]).times.recover.all).toMatchObject({ of: 1, longestMs: 61_000 });
  });

  it('to recover counts one that is well and only waits for its alert to end', () => {
    expect(reportOn([incident(10, [[0, 'Opened'], ...act(5, 'recovered')])]).times.recover.all).toMatchObject({ of: 1, longestMs: 16_000 });
  });

  it('in hands of people is from when one was needed until it was over', () => {
    const run = incident(10, [[0, 'Opened'], [30, 'Escalated'], closed(630, 'escalated')]);
    expect(reportOn([run]).times.handedOver).toMatchObject({ of: 1, medianMs: 600_000 });
  });

  it('is shown with and without what was waited for on purpose', () => {
    const run = healed(100, 300, {
      phases: phases(['settling', 100], ['diagnosing', 130], ['asking', 140], ['diagnosing', 240], ['verifying', 390], ['closed', 405]),
    });
    const { recover, waits } = reportOn([run]).times;
    expect(recover.all.medianMs).toBe(300_000);
    expect(recover.withoutWaits?.medianMs).toBe(170_000);
    expect(waits?.filter(({ totalMs }) => totalMs > 0).map(({ kind, totalMs }) => [kind, totalMs])).toEqual([
      ['settling', 30_000],
      ['approval', 100_000],
    ]);
  });

  it('takes off nothing that was waited for after it was well', () => {
    const run = healed(100, 60, { phases: phases(['diagnosing', 100], ['watching', 161]) });
    expect(reportOn([run]).times.recover.withoutWaits?.medianMs).toBe(60_000);
  });

  it('of an incident whose times lie ahead of whoever reads is not counted: they were skipped', () => {
    const ahead = healed(86_400, 3_600);
    const report = reportOn([healed(10), ahead], { nowMs: msAt(80_000) });
    expect(report.times.recover.all).toMatchObject({ of: 1, incidents: [1] });
    expect(report.times.recoveries.flatMap(({ incidents }) => incidents)).toEqual([1]);
    expect(report.incidents.map(({ isSimulated }) => isSimulated)).toEqual([false, true]);
    expect(report.summary.ended.count).toBe(2);
    expect(report.success.uptime.incidents).toEqual([1]);
  });

  it('of a line of the trail that is younger than it was written is not counted either', () => {
    const { entries } = healed(50_000, 3_600);
    const written = (seconds: number) => entries.map((entry) => ({ ...entry, written: at(seconds) })) as AuditEntry[];
    const ground = {
      bounds: WEEK,
      nowMs: WEEK.toMs,
      source: { kind: 'trail', files: [], faults: 0, notUnderstood: 0 },
      beside: null,
      judgements: null,
      linkTo: () => null,
    } as const;
    const of = (seconds: number) => measure(told(written(seconds), WEEK), ground).times.recover;
    expect(of(60_000)).toMatchObject({ all: { of: 1 }, withoutWaits: null });
    expect(of(20)).toMatchObject({ all: { of: 0 } });
  });

  it('is drawn in groups that are without gaps and overlap nowhere', () => {
    const { recoveries, recover } = reportOn([12, 30, 31, 60, 600, 20_000].map((seconds, index) => healed(index, seconds))).times;
    expect(recoveries.reduce((sum, { count }) => sum + count, 0)).toBe(recover.all.of);
    expect(recoveries.filter(({ count }) => count > 0).map(({ upToMs, count }) => [upToMs, count])).toEqual([
      [30_000, 2],
      [60_000, 2],
      [600_000, 1],
      [null, 1],
    ]);
  });
});

describe('spreadOf()', () => {
  const of = (...all: readonly number[]) => spreadOf(all.map((ms, index) => ({ number: index + 1, ms })));

  it('has nothing of nothing', () => {
    expect(of()).toEqual({ of: 0, medianMs: null, p90Ms: null, longestMs: null, incidents: [] });
  });

  it('takes the one in the middle, or what is between two', () => {
    expect(of(5, 1, 3).medianMs).toBe(3);
    expect(of(4, 1, 3, 2).medianMs).toBe(2.5);
  });

  it('takes as the 90th percentile a length that was measured, that nine in ten do not exceed', () => {
    expect(of(...Array.from({ length: 10 }, (_, index) => index + 1)).p90Ms).toBe(9);
    expect(of(...Array.from({ length: 11 }, (_, index) => index + 1)).p90Ms).toBe(10);
    expect(of(7)).toMatchObject({ medianMs: 7, p90Ms: 7, longestMs: 7 });
  });
});

describe('waitsOf()', () => {
  it('is what an incident waits for by its phases, until the next one begins', () => {
    const run = {
      phases: phases(['settling', 0], ['diagnosing', 5], ['waiting', 10], ['remediating', 70], ['watching', 80]),
      waits: [],
      endedMs: msAt(90),
    };
    expect(waitsOf(run, msAt(999)).map(({ kind, fromMs, toMs }) => [kind, (toMs - fromMs) / 1000])).toEqual([
      ['settling', 5],
      ['guards', 60],
      ['quiet', 10],
    ]);
  });

  it('goes on while nobody can be told', () => {
    const run = { phases: phases(['asking', 0], ['untold', 10], ['diagnosing', 50]), waits: [], endedMs: null };
    expect(waitsOf(run, msAt(99))).toEqual([{ kind: 'approval', fromMs: msAt(0), toMs: msAt(50) }]);
  });

  it('lasts until now where it goes on, and has the rollouts and runs of others', () => {
    const run = { phases: phases(['waiting', 20]), waits: [{ fromMs: msAt(1), toMs: msAt(4) }], endedMs: null };
    const waits = waitsOf(run, msAt(30));
    expect(waits.map(({ kind }) => kind)).toEqual(['guards', 'others']);
    expect(waitedMs(waits, msAt(2), msAt(25))).toBe(7_000);
  });
});
