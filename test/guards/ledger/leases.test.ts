import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSameRun, type Report, scopeOf, withLease, withoutIncident, withReport } from '../../../guards/ledger/leases.ts';
import type { ActOutcome } from '../../../guards/ledger/ledger.ts';
import { act, ledger, NOW, read, request, surroundings } from '../asked.ts';

const related = (...names: string[]) => {
  const { object } = surroundings();
  return surroundings({ object: object.kind === 'read' ? read({ ...object.value, related: names }) : object });
};
const mine = { incident: 'podCrash-ranker', run: 'run-1' };

describe('withLease()', () => {
  it('enters everything a guard will ask about the act, and holds the target', () => {
    const rollback = { subject: 'model churn', from: '4', to: '3', toIsQuarantined: false };
    const after = withLease(ledger(), request({ rollback, nodes: ['worker-3'] }));
    expect(after.acts).toEqual([
      {
        ...mine,
        ...{
          id: 'podCrash-ranker-1',
          runbook: 'pod-crash',
          remedy: 'restart',
          isApproved: false,
          namespace: 'ml',
          target: 'ml/Deployment/ranker',
        },
        ...{ rollback, nodes: ['worker-3'], grantedMs: NOW, actedMs: null, outcome: null, endedMs: null, relapsedMs: null },
      },
    ]);
    expect(after.holds).toEqual([{ ...mine, targets: ['ml/Deployment/ranker'], sinceMs: NOW }]);
  });

  it('holds what the target owns and what owns it, and adds to that at the next attempt, since the first', () => {
    const first = withLease(ledger(), request({ surroundings: related('ml/InferenceService/churn') }));
    const later = { ...first, latestMs: NOW + 5_000 };
    const second = withLease(later, request({ id: 'podCrash-ranker-2', surroundings: related('ml/Deployment/new') }));
    expect(second.holds).toEqual([
      { ...mine, targets: ['ml/Deployment/ranker', 'ml/InferenceService/churn', 'ml/Deployment/new'], sinceMs: NOW },
    ]);
    expect(second.acts.map(({ id, grantedMs }) => [id, grantedMs])).toEqual([
      ['podCrash-ranker-1', NOW],
      ['podCrash-ranker-2', NOW + 5_000],
    ]);
  });

  it('leaves the holds of others as they are', () => {
    const other = { incident: 'podCrash-ranker', run: 'run-0', targets: ['ml/Deployment/x'], sinceMs: NOW - 1 };
    expect(withLease(ledger({ holds: [other] }), request()).holds).toEqual([
      other,
      { ...mine, targets: ['ml/Deployment/ranker'], sinceMs: NOW },
    ]);
  });
});

describe('scopeOf()', () => {
  it('is the target and what is related, or the target alone where that cannot be read', () => {
    expect(scopeOf(request({ surroundings: related('a/B/c') }))).toEqual(['ml/Deployment/ranker', 'a/B/c']);
    const dark = surroundings({ object: { kind: 'unreadable', what: 'the target', reason: 'timeout' } });
    expect(scopeOf(request({ surroundings: dark }))).toEqual(['ml/Deployment/ranker']);
  });
});

const granted = withLease(ledger({ latestMs: NOW - 60_000 }), request());
const reported = (change: Partial<Report> = {}, atMs = NOW) =>
  withReport({ ...granted, latestMs: atMs }, { id: 'podCrash-ranker-1', outcome: 'recovered', actedMs: NOW - 30_000, ...change });

describe('withReport()', () => {
  it('ends the lease with the outcome and the time of the act', () => {
    expect(reported().acts).toMatchObject([{ outcome: 'recovered', actedMs: NOW - 30_000, endedMs: NOW }]);
  });

  it('takes the time of the report where the time of the act is not known or cannot be read', () => {
    for (const actedMs of [null, Number.NaN, Number.POSITIVE_INFINITY])
      expect(reported({ actedMs }).acts).toMatchObject([{ actedMs: NOW }]);
  });

  it('takes no act to be before its permit or after its report, whatever the clock did (safety 25)', () => {
    expect(reported({ actedMs: NOW - 60_001 }).acts).toMatchObject([{ actedMs: NOW - 60_000 }]);
    expect(reported({ actedMs: NOW + 1 }).acts).toMatchObject([{ actedMs: NOW }]);
  });

  it('has no time of an act that was not done', () => {
    expect(reported({ outcome: 'unused' }).acts).toMatchObject([{ outcome: 'unused', actedMs: null, endedMs: NOW }]);
  });

  it('lets what was reported first stand, and ignores what nobody was permitted', () => {
    const once = reported();
    expect(withReport({ ...once, latestMs: NOW + 1 }, { id: 'podCrash-ranker-1', outcome: 'failed', actedMs: null }).acts).toEqual(
      once.acts,
    );
    expect(reported({ id: 'podCrash-ranker-9' }).acts).toEqual(granted.acts);
  });

  it('goes on holding the target, since the incident may try again', () => {
    expect(reported().holds).toEqual(granted.holds);
  });
});

describe('withoutIncident()', () => {
  const failure = { ...mine, target: 'ml/Deployment/ranker', suspects: [], atMs: NOW, isOpen: true };
  const theirs = { incident: 'podCrash-ranker', run: 'run-2' };
  const full = {
    ...granted,
    latestMs: NOW,
    acts: [...granted.acts, act({ ...theirs, id: 'theirs', outcome: null, endedMs: null, actedMs: null })],
    holds: [...granted.holds, { ...theirs, targets: ['ml/Deployment/x'], sinceMs: NOW }],
    failures: [failure, { ...failure, ...theirs }],
  };

  it('lets go of its targets, and counts what it never reported as inconclusive', () => {
    const after = withoutIncident(full, mine, false);
    expect(after.holds).toEqual([{ ...theirs, targets: ['ml/Deployment/x'], sinceMs: NOW }]);
    expect(after.acts).toMatchObject([
      { id: 'podCrash-ranker-1', outcome: 'inconclusive', actedMs: NOW, endedMs: NOW },
      { id: 'theirs', outcome: null },
    ]);
    expect(after.failures).toEqual(full.failures);
  });

  it('takes its target to fail no more only when it is over', () => {
    expect(withoutIncident(full, mine, true).failures).toEqual([
      { ...failure, isOpen: false },
      { ...failure, ...theirs },
    ]);
  });

  it('leaves what was reported as it is', () => {
    const failed = reported({ outcome: 'failed' });
    expect(withoutIncident({ ...failed, latestMs: NOW + 9 }, mine, true).acts).toEqual(failed.acts);
  });
});

describe('a lease', () => {
  it('has one outcome for good, whatever is reported in whatever order (safety 1)', () => {
    const outcome = fc.constantFrom<ActOutcome>('recovered', 'ineffective', 'failed', 'inconclusive', 'unused');
    fc.assert(
      fc.property(fc.array(fc.record({ outcome, actedMs: fc.option(fc.double()) }), { minLength: 1 }), (reports) => {
        const ends = reports.map((_, count) =>
          reports.slice(0, count + 1).reduce((soFar, one) => withReport(soFar, { id: 'podCrash-ranker-1', ...one }), granted),
        );
        for (const { acts } of ends) expect(acts).toEqual(ends[0]!.acts);
        expect(ends[0]!.acts[0]!.outcome).toBe(reports[0]!.outcome);
      }),
    );
  });
});

describe('isSameRun()', () => {
  it('takes another run of the same incident for another', () => {
    expect(isSameRun(mine, { ...mine })).toBe(true);
    expect(isSameRun(mine, { ...mine, run: 'run-2' })).toBe(false);
    expect(isSameRun(mine, { ...mine, incident: 'other' })).toBe(false);
  });
});
