import { describe, expect, it } from '@jest/globals';
import { NO_ACTIONS } from '../../reporting/history/billable.ts';
import { act, at, closed, DAY_MS, healed, incident, reportOn } from './told-incidents.ts';

const WEEK_MS = 7 * DAY_MS;
const RANKER = { cluster: 'local', namespace: 'ml', kind: 'Deployment', name: 'ranker' };
const CHURN = { cluster: 'local', namespace: 'ml', kind: 'InferenceService', name: 'churn' };
const since = (seconds: number) => ({ alert: { name: 'A', since: at(seconds) } });

describe('uptime', () => {
  it('is the time of the period in which targets that failed did not, from when it began until it was well', () => {
    const run = incident(100, [[0, 'Opened', since(40)], ...act(29, 'recovered'), closed(900, 'recovered')], { target: RANKER });
    const { uptime } = reportOn([run]).success;
    expect(uptime).toMatchObject({ targets: 1, failingMs: 100_000, share: 1 - 100_000 / WEEK_MS, incidents: [1] });
    expect(uptime.worst).toMatchObject([{ target: 'local/ml/Deployment/ranker', failingMs: 100_000, incidents: [1] }]);
  });

  it('counts what overlaps once, and only what is of the period', () => {
    const twice = [
      incident(-100, [[0, 'Opened'], closed(150, 'escalated')], { target: RANKER }),
      incident(20, [[0, 'Opened'], closed(60, 'escalated')], { target: RANKER }),
    ];
    expect(reportOn(twice).success.uptime.failingMs).toBe(80_000);
  });

  it('counts one that is open until the end, and none that a person judged to be no failure', () => {
    const open = incident(7 * 86_400 - 50, [[0, 'Opened']], { target: RANKER });
    const none = incident(10, [[0, 'Opened'], closed(90, 'dismissed')], { target: CHURN });
    expect(reportOn([open, none]).success.uptime).toMatchObject({ targets: 1, failingMs: 50_000 });
  });

  it('is of all targets that failed together, and none where none did', () => {
    const { uptime } = reportOn([healed(10, 60, { target: RANKER }), healed(10, 180, { target: CHURN })]).success;
    expect(uptime).toMatchObject({ targets: 2, failingMs: 240_000, share: 1 - 240_000 / (2 * WEEK_MS) });
    expect(uptime.worst.map(({ target }) => target)).toEqual(['local/ml/InferenceService/churn', 'local/ml/Deployment/ranker']);
    expect(reportOn([]).success.uptime).toMatchObject({ targets: 0, share: null });
  });
});

describe('the other measures that it is to serve', () => {
  it('has of models what was about them, what was rolled back and what was contained', () => {
    const { models } = reportOn([
      incident(1, [[0, 'Opened'], ...act(9, 'recovered', 'rollBackModel'), closed(50, 'recovered')], {
        type: 'modelServingFailure',
        target: CHURN,
      }),
      incident(2, [[0, 'Opened'], closed(50, 'contained')], { type: 'accuracyDegradation' }),
      healed(3),
    ]).success;
    expect(models).toMatchObject({ rolledBack: { incidents: [1] }, contained: { incidents: [2] }, failingMs: 70_000 });
    expect(models.incidents.map(({ name }) => name).sort()).toEqual(['accuracyDegradation', 'modelServingFailure']);
  });

  it('has of deployments those that failed, those gone back from without a person, and how long they failed', () => {
    const asked = incident(5, [[0, 'Opened'], [1, 'Asked'], ...act(9, 'recovered'), closed(50, 'recovered', 'bad-release')]);
    const other = incident(6, [[0, 'Opened'], ...act(9, 'recovered', 'restart'), closed(50, 'recovered', 'flake')]);
    const { deployments } = reportOn([healed(1, 30), asked, other]).success;
    expect(deployments).toMatchObject({ bad: { incidents: [1, 2] }, undone: { incidents: [1] }, restore: { of: 2, longestMs: 30_000 } });
  });

  it('has of cost the changes that stand and make the cluster dearer, and the runs that were done once more', () => {
    const raised = incident(1, [[0, 'Opened'], ...act(9, 'recovered', 'raiseMemory')]);
    const taken = incident(2, [[0, 'Opened'], ...act(9, 'notRecovered', 'scale'), [40, 'Undone', { key: 'k', remedy: 'scale' }]]);
    const again = incident(3, [[0, 'Opened'], ...act(9, 'recovered', 'retryRun')]);
    const { cost } = reportOn([raised, taken, again]).success;
    expect(cost).toEqual({ dearer: [{ name: 'raiseMemory', count: 1, incidents: [1] }], runsAgain: { count: 1, incidents: [3] } });
  });
});

describe('what fails most', () => {
  it('is by how many incidents were opened about it, then by how long it failed', () => {
    const { offenders } = reportOn([
      healed(1, 60, { target: CHURN }),
      healed(400, 60, { target: RANKER }),
      incident(900, [[0, 'Opened'], [1, 'Escalated'], closed(20, 'escalated')], { target: RANKER }),
      healed(5, 90, { target: { ...CHURN, cluster: 'other' } }),
    ]);
    expect(offenders.map(({ name, count, handedOver, failingMs }) => [name, count, handedOver, failingMs])).toEqual([
      ['local/ml/Deployment/ranker', 2, 1, 80_000],
      ['other/ml/InferenceService/churn', 1, 0, 90_000],
      ['local/ml/InferenceService/churn', 1, 0, 60_000],
    ]);
  });

  it('shows ten at most', () => {
    expect(reportOn(Array.from({ length: 12 }, (_, index) => healed(index))).offenders).toHaveLength(10);
  });
});

describe('Actions of Temporal', () => {
  const actions = (activities: number) => ({ actions: { ...NO_ACTIONS, starts: 1, activities } });

  it('are summed over incidents, with the dearest first, and what runs beside them apart', () => {
    const beside = [{ type: 'permitOffice', runs: 2, actions: { ...NO_ACTIONS, updates: 7 } }];
    const { cost } = reportOn([healed(1, 60, actions(9)), healed(2, 60, actions(29))], { beside });
    expect(cost).toMatchObject({ total: 40, perIncident: 20, actions: { starts: 2, activities: 38, timers: 0 } });
    expect(cost?.dearest).toEqual([
      { number: 2, total: 30 },
      { number: 1, total: 10 },
    ]);
    expect(cost?.beside).toEqual([{ type: 'permitOffice', runs: 2, total: 7 }]);
  });

  it('are those of all runs of an incident', () => {
    const first = incident(1, [[0, 'Opened']], { incident: 'same', run: 'a', end: 'continued', ...actions(1) });
    const second = incident(9, [closed(9, 'recovered')], { incident: 'same', run: 'b', openedAt: first.openedAt, ...actions(2) });
    expect(reportOn([first, second]).cost).toMatchObject({ total: 5, perIncident: 5 });
  });
});
