import { describe, expect, it } from '@jest/globals';
import { ANNA, act, closed, DAY_MS, type Happened, healed, incident, msAt, reportOn } from './told-incidents.ts';

const DAY = DAY_MS / 1000;
const RANKER = { cluster: 'local', namespace: 'ml', kind: 'Deployment', name: 'ranker' };
const of = { key: 'k', remedy: 'undoRelease', before: 'a', after: 'b' };
const back = (step: 'Undone' | 'NotUndone'): Happened => [
  30,
  step,
  { ...of, result: { kind: step === 'Undone' ? 'done' : 'failed', text: '' } },
];

describe('what was changed', () => {
  it('is counted by remedy and verdict', () => {
    const { changes } = reportOn([healed(1), healed(2), incident(3, [[0, 'Opened'], ...act(5, 'notRecovered', 'restart')])]);
    expect(changes).toMatchObject({
      made: { count: 3 },
      byRemedy: [
        { name: 'undoRelease', count: 2, verdicts: [{ name: 'recovered', count: 2 }] },
        { name: 'restart', count: 1, verdicts: [{ name: 'notRecovered', count: 1, incidents: [3] }] },
      ],
      notHelped: { count: 1, incidents: [3] },
    });
  });

  it('is wrong where it made it worse, was taken back, or could not be', () => {
    const { changes } = reportOn([
      incident(1, [[0, 'Opened'], ...act(5, 'worse'), back('Undone'), closed(60, 'escalated')]),
      incident(2, [[0, 'Opened'], ...act(5, 'notRecovered'), back('NotUndone'), closed(60, 'escalated')]),
    ]);
    expect(changes).toMatchObject({ worse: { incidents: [1] }, takenBack: { incidents: [1] }, notTakenBack: { incidents: [2] } });
  });

  it('counts what was refused by the cluster as not made', () => {
    const run = incident(1, [
      [0, 'Opened'],
      [5, 'Acting', of],
      [6, 'NotActed', { ...of, result: { kind: 'failed', text: 'refused' } }],
    ]);
    expect(reportOn([run]).changes.made.count).toBe(0);
  });

  it('tells what is not known: whether it was made, or whether it helped', () => {
    const unsure = incident(1, [
      [0, 'Opened'],
      [5, 'Acting', of],
      [6, 'Acted', { ...of, result: { kind: 'unknown', text: '' } }],
    ]);
    const { changes } = reportOn([unsure, incident(2, [[0, 'Opened'], ...act(5, 'unknown')])]);
    expect(changes.unknown).toEqual({ count: 2, incidents: [1, 2] });
  });

  it('tells which incidents a person judged to be no failure', () => {
    expect(reportOn([incident(1, [[0, 'Opened'], closed(9, 'dismissed')])]).changes.dismissed.incidents).toEqual([1]);
  });

  it('is wrong where a person said so last, of that run or of the newest by then', () => {
    const id = 'outage/local/ml/Deployment/judged';
    const runs = [healed(100, 60, { incident: id, run: 'a' }), healed(500, 60, { incident: id, run: 'b' }), healed(900)];
    const word = (seconds: number, says: 'right' | 'wrong', run: string | null, incident = id) => ({
      incident,
      run,
      says,
      atMs: msAt(seconds),
    });
    const judged = (...judgements: ReturnType<typeof word>[]) => reportOn(runs, { judgements }).changes.judgedWrong?.incidents;
    expect(judged(word(600, 'wrong', null))).toEqual([2]);
    expect(judged(word(300, 'wrong', null))).toEqual([1]);
    expect(judged(word(600, 'wrong', 'a'))).toEqual([1]);
    expect(judged(word(700, 'right', 'a'), word(600, 'wrong', 'a'))).toEqual([]);
    expect(judged(word(600, 'wrong', null, 'another'))).toEqual([]);
  });

  it.each([
    ['an hour after it was healed', 3_600, 1],
    ['two days after', 2 * DAY, 0],
  ])('is a relapse that is opened %s', (_when, after, count) => {
    const target = RANKER;
    const { changes } = reportOn([healed(100, 60, { target }), healed(160 + after, 60, { target })]);
    expect(changes.relapses.count).toBe(count);
  });

  it('has a relapse of what was healed before the period began, and none of another cluster or of what went by itself', () => {
    const before = healed(-3_600, 60, { target: RANKER });
    expect(reportOn([before, healed(60, 60, { target: RANKER })]).changes.relapses).toEqual({ count: 1, incidents: [1] });
    expect(reportOn([before, healed(60, 60, { target: { ...RANKER, cluster: 'other' } })]).changes.relapses.count).toBe(0);
    const alone = incident(-3_600, [[0, 'Opened'], closed(9, 'selfResolved')], { target: RANKER });
    expect(reportOn([alone, healed(60, 60, { target: RANKER })]).changes.relapses.count).toBe(0);
  });
});

describe('what held it back', () => {
  it('is counted by guard', () => {
    const refused = (guard: string): Happened => [5, 'Refused', { guard }];
    const { guards } = reportOn([incident(1, [refused('backoff'), refused('freeze')]), incident(2, [refused('backoff')])]);
    expect(guards).toEqual([
      { name: 'backoff', count: 2, incidents: [1, 2] },
      { name: 'freeze', count: 1, incidents: [1] },
    ]);
  });

  it('is what people were asked and said, and how long they took', () => {
    const asked: Happened = [10, 'Asked', { plan: 'p' }];
    const says = (step: 'Approved' | 'Rejected' | 'HandedOn' | 'Decided'): Happened => [100, step, { plan: 'p', who: ANNA }];
    const { approvals } = reportOn([
      ...(['Approved', 'Rejected', 'HandedOn', 'Decided'] as const).map((step) => incident(1, [asked, says(step)])),
      incident(5, [asked, [600, 'Rejected', { plan: 'p' }]]),
      incident(6, [asked, [20, 'Voided', { plan: 'p' }], [30, 'DecisionRefused', { plan: 'p', who: ANNA }]]),
    ]);
    expect(approvals).toMatchObject({
      asked: { count: 6 },
      approved: { incidents: [1] },
      rejected: { incidents: [2] },
      handedOn: { incidents: [3] },
      decided: { incidents: [4] },
      silent: { incidents: [5] },
      voided: { incidents: [6] },
      refused: { incidents: [6] },
      took: { of: 4, medianMs: 90_000, incidents: [1, 2, 3, 4] },
    });
  });
});
