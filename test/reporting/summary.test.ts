import { describe, expect, it } from '@jest/globals';
import { reportFromHistories } from '../../reporting/from-histories.ts';
import { act, closed, DAY_MS, healed, incident, msAt, reportOn, WEEK } from './told-incidents.ts';

const DAY = DAY_MS / 1000;

describe('a report counts incidents', () => {
  it('by how they ended in the period, and leaves open those that did not', () => {
    const { summary, incidents } = reportOn([
      healed(10),
      incident(20, [[0, 'Opened'], closed(9, 'selfResolved')]),
      incident(30, [[0, 'Opened']]),
    ]);
    expect(summary).toMatchObject({
      opened: { count: 3, incidents: [1, 2, 3] },
      ended: { count: 2, incidents: [1, 2] },
      open: { count: 1, incidents: [3] },
      outcomes: [
        { name: 'recovered', count: 1, incidents: [1] },
        { name: 'selfResolved', count: 1, incidents: [2] },
      ],
    });
    expect(incidents.map(({ outcome }) => outcome)).toEqual(['recovered', 'selfResolved', null]);
  });

  it('that were opened before the period among those that ended, and not among those that were opened', () => {
    const { summary } = reportOn([incident(-100, [[0, 'Opened'], closed(200, 'escalated')])]);
    expect([summary.opened.count, summary.ended.count]).toEqual([0, 1]);
  });

  it('as open whose end came after the period', () => {
    const { summary, incidents } = reportOn([incident(7 * DAY - 10, [[0, 'Opened'], closed(20, 'recovered')])], {
      nowMs: WEEK.toMs + DAY_MS,
    });
    expect(summary).toMatchObject({ ended: { count: 0 }, open: { count: 1 } });
    expect(incidents[0]).toMatchObject({ outcome: null, ended: null });
  });

  it('leaves out what was over before the period, or began after it', () => {
    const over = incident(-500, [[0, 'Opened'], closed(100, 'recovered')]);
    const later = incident(7 * DAY + 5, [[0, 'Opened']]);
    expect(reportOn([over, later]).incidents).toEqual([]);
  });

  it('once that went on as another failure type, by the type that it became', () => {
    const id = 'outage/local/ml/Deployment/once';
    const first = incident(
      10,
      [
        [0, 'Opened'],
        [5, 'Reclassified'],
      ],
      { incident: id, run: 'a', end: 'continued', endedMs: msAt(15) },
    );
    const { openedAt } = first;
    const second = incident(15, [...act(10, 'recovered'), closed(30, 'recovered')], {
      incident: id,
      run: 'b',
      type: 'outOfMemory',
      openedAt,
    });
    const { incidents, summary } = reportOn([second, first]);
    expect(incidents).toMatchObject([{ id, run: 'b', failureType: 'outOfMemory', opened: openedAt, outcome: 'recovered' }]);
    expect(summary.types).toMatchObject([{ name: 'outOfMemory', count: 1 }]);
  });

  it('as broken whose workflow failed without a word, and also one that wrote nothing', () => {
    const failed = incident(10, [[0, 'Opened']], { end: 'broken', endedMs: msAt(40) });
    const silent = incident(50, [], { end: 'broken', endedMs: msAt(60) });
    expect(reportOn([failed, silent]).summary.outcomes).toMatchObject([{ name: 'broken', count: 2 }]);
  });

  it('by cause and type, and how those ended', () => {
    const { summary } = reportOn([healed(1), healed(2), incident(3, [[0, 'Opened'], closed(4, 'escalated', 'bad-release')])]);
    expect(summary.causes).toMatchObject([
      {
        name: 'bad-release',
        count: 3,
        outcomes: [
          { name: 'recovered', count: 2 },
          { name: 'escalated', count: 1 },
        ],
      },
    ]);
    expect(summary.types[0]).toMatchObject({ name: 'podCrash', count: 3 });
  });

  it('by the day of UTC on which they ended, with the days on which none did', () => {
    const { days } = reportOn([healed(DAY - 30), healed(2 * DAY)]).summary;
    expect(days).toHaveLength(7);
    expect(days.flatMap(({ from, outcomes }) => outcomes.map(({ count }) => [from.slice(0, 10), count]))).toEqual([
      ['2026-03-03', 1],
      ['2026-03-04', 1],
    ]);
  });

  it('by several days at once where there are too many, and misses none', () => {
    const year = { fromMs: WEEK.toMs - 365 * DAY_MS, toMs: WEEK.toMs, cluster: null };
    const read = { runs: [healed(10), healed(-200 * DAY)], beside: [], judgements: [], gone: 0, keptMs: null };
    const { days } = reportFromHistories(read, year, { nowMs: WEEK.toMs, linkTo: () => null }).summary;
    expect(days.length).toBeLessThanOrEqual(31);
    expect(days.flatMap(({ outcomes }) => outcomes).reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });
});
