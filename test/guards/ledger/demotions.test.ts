import { describe, expect, it } from '@jest/globals';
import { covers, demotionName, withDemotion, withoutDemotion } from '../../../guards/ledger/demotions.ts';
import { withFailure } from '../../../guards/ledger/failures.ts';
import { withReport } from '../../../guards/ledger/leases.ts';
import { type ActOutcome, DEMOTIONS_MAX, type Ledger } from '../../../guards/ledger/ledger.ts';
import { hear } from '../../../guards/office.ts';
import { layer } from '../../limits.ts';
import { act, ledger, MINUTE_MS, NOW, request } from '../asked.ts';

const restartInMl = { runbook: 'pod-crash', remedy: 'restart', namespace: 'ml' } as const;
const names = ({ demotions }: Ledger) => demotions.map(demotionName);
const open = act({ outcome: null, endedMs: null, actedMs: null });
const reported = (outcome: ActOutcome, change = {}) =>
  withReport(ledger({ acts: [{ ...open, ...change }] }), { id: open.id, outcome, actedMs: NOW });
const failsAgain = (change = {}) => {
  const { incident, run, target } = request();
  const seen = { incident, run, target, suspects: [], limits: [layer({ relapseSeconds: 1_800 })] };
  return withFailure(ledger({ acts: [act({ endedMs: NOW - 10 * MINUTE_MS, ...change })] }), seen);
};

describe('a remedy that a machine applied alone', () => {
  it('is demoted by its runbook and in its namespace when it made the target worse, and says so (safety 37)', () => {
    expect(reported('worse').demotions).toEqual([{ ...restartInMl, why: 'it made ml/Deployment/ranker worse', atMs: NOW }]);
  });

  it('is demoted when its cure did not last (safety 37)', () => {
    expect(failsAgain().demotions).toEqual([
      { ...restartInMl, why: 'it had cured ml/Deployment/ranker, which then failed again', atMs: NOW },
    ]);
  });

  it.each(['recovered', 'ineffective', 'failed', 'inconclusive', 'unused'] as const)('stays as it is when it was %s', (outcome) => {
    expect(names(reported(outcome))).toEqual([]);
  });

  it('stays as it is when the target fails again long after, or another one does', () => {
    expect(names(failsAgain({ endedMs: NOW - 31 * MINUTE_MS }))).toEqual([]);
    expect(names(failsAgain({ target: 'ml/Deployment/other' }))).toEqual([]);
  });

  it('is not demoted by what a person allowed', () => {
    expect(names(reported('worse', { isApproved: true }))).toEqual([]);
    expect(names(failsAgain({ isApproved: true }))).toEqual([]);
  });

  it('is not demoted twice by a report that comes twice', () => {
    const once = reported('worse');
    expect(withReport({ ...once, demotions: [] }, { id: open.id, outcome: 'worse', actedMs: NOW }).demotions).toEqual([]);
  });
});

describe('demotions', () => {
  const all = { ...restartInMl, remedy: null, namespace: null, why: 'its drill failed' };
  const one = { ...restartInMl, why: 'it was worse' };

  it('keep the first of the same, and its reason', () => {
    const twice = withDemotion(withDemotion(ledger(), one), { ...one, why: 'again' });
    expect(twice.demotions).toEqual([{ ...one, atMs: NOW }]);
  });

  it('are taken up by one that is about more, and not the other way round', () => {
    const other = { ...one, runbook: 'out-of-memory' };
    const both = [one, other].reduce(withDemotion, ledger());
    expect(names(withDemotion(both, all))).toEqual(['demotion out-of-memory/restart/ml', 'demotion pod-crash/*/*']);
    expect(names(withDemotion(withDemotion(ledger(), all), one))).toEqual(['demotion pod-crash/*/*']);
  });

  it('past what there is room for, are those of whole runbooks, so that nothing is let go (safety 37)', () => {
    const many = Array.from({ length: DEMOTIONS_MAX + 5 }, (_, index) => ({ ...one, namespace: `n${index}` }));
    const kept = many.reduce(withDemotion, ledger());
    expect(kept.demotions.length).toBeLessThanOrEqual(DEMOTIONS_MAX);
    for (const { runbook, remedy, namespace } of many)
      expect(kept.demotions.some((demoted) => covers(demoted, { runbook, remedy, namespace }))).toBe(true);
  });

  it('are lifted by exactly their name (safety 37)', () => {
    const two = [one, { ...one, namespace: 'web' }].reduce(withDemotion, ledger());
    expect(names(withoutDemotion(two, 'demotion pod-crash/restart/ml'))).toEqual(['demotion pod-crash/restart/web']);
    expect(names(withoutDemotion(two, 'demotion pod-crash/*/*'))).toHaveLength(2);
    expect(names(hear(two, { kind: 'reset', of: 'demotion pod-crash/restart/web', by: 'ann' }, NOW))).toEqual([
      'demotion pod-crash/restart/ml',
    ]);
  });

  it('outlast time, and a reset of the record (safety 37)', () => {
    const later = NOW + 400 * 86_400_000;
    const after = hear(
      hear(withDemotion(ledger(), one), { kind: 'heartbeat', source: 'x' }, later),
      { kind: 'reset', of: 'record', by: 'ann' },
      later,
    );
    expect(names(after)).toEqual(['demotion pod-crash/restart/ml']);
  });
});
