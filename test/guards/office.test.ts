import { describe, expect, it } from '@jest/globals';
import type { Freeze, Ledger } from '../../guards/ledger/ledger.ts';
import { ask, hear, type OfficeNews, whyVoid } from '../../guards/office.ts';
import type { PermitRequest } from '../../guards/request.ts';
import { DEFAULT_LIMITS } from '../../runbooks/limits.ts';
import { act, ledger, MINUTE_MS, NOW, request, surroundings } from './asked.ts';

const mine = { incident: 'podCrash-ranker', run: 'run-1' };
const ID = 'podCrash-ranker-1';
const everything = { namespace: null, runbook: null, by: 'mia', reason: 'release', untilMs: null };
const asks = (before: Ledger, change: Partial<PermitRequest> = {}, atMs = NOW) => ask(before, 'cluster', request(change), atMs);
const hears = (before: Ledger, news: OfficeNews, atMs = NOW) => hear(before, news, atMs);
const granted = asks(ledger()).ledger;
const report = (id = ID): OfficeNews => ({ kind: 'report', report: { id, outcome: 'failed', actedMs: NOW } });

describe('ask()', () => {
  it('grants what nothing speaks against, and enters the permit, the limits and what was seen', () => {
    const { ledger: after, permit } = asks(ledger());
    expect(permit).toEqual({ kind: 'granted' });
    expect(after.acts).toMatchObject([{ id: ID, outcome: null, grantedMs: NOW }]);
    expect(after.holds).toEqual([{ ...mine, targets: ['ml/Deployment/ranker'], sinceMs: NOW }]);
    expect(after.layers).toEqual([{ from: 'the cluster', limits: DEFAULT_LIMITS }]);
    expect(after.sightings.map(({ of, count }) => [of, count])).toEqual([
      ['nodes', 20],
      ['workloads of namespace ml', 30],
    ]);
    expect(after.refusals).toEqual([]);
  });

  it('enters a refusal for people to read, and no permit', () => {
    const { ledger: after, permit } = asks(ledger(), { attemptsMade: 3 });
    expect(permit.kind).toBe('refused');
    expect([after.acts, after.holds]).toEqual([[], []]);
    expect(after.refusals).toEqual([
      { incident: 'podCrash-ranker', guard: 'attempt-cap', reason: '3 of 3 attempts are used.', retryAtMs: null, atMs: NOW },
    ]);
    expect(after.sightings).toHaveLength(2);
  });

  it('shows the latest refusal of an incident by a guard, and twenty at most', () => {
    const twice = asks(asks(ledger(), { attemptsMade: 3 }).ledger, { attemptsMade: 4 }, NOW + 1).ledger;
    expect(twice.refusals).toMatchObject([{ reason: '4 of 3 attempts are used.', atMs: NOW + 1 }]);
    const other = asks(twice, { surroundings: surroundings({ readAtMs: 0 }) }, NOW + 1).ledger;
    expect(other.refusals.map(({ guard }) => guard)).toEqual(['attempt-cap', 'clocks']);
    const many = Array.from({ length: 21 }, (_, index) => `i${index}`);
    const full = many.reduce((soFar, incident) => asks(soFar, { incident, attemptsMade: 3 }).ledger, ledger());
    expect(full.refusals.map(({ incident }) => incident)).toEqual(many.slice(1));
  });

  it('shows the limits last asked under, each layer once, and fifty at most', () => {
    const from = (name: string, rollbackDepth: number) => ({ limits: [{ from: name, limits: { rollbackDepth } }] });
    const twice = ['a', 'b', 'a'].reduce((soFar, name, index) => asks(soFar, from(name, index)).ledger, ledger());
    expect(twice.layers).toEqual([
      { from: 'b', limits: { rollbackDepth: 1 } },
      { from: 'a', limits: { rollbackDepth: 2 } },
    ]);
    const layers = [...from('b', 3).limits, ...from('a', 4).limits];
    expect(asks(twice, { limits: layers }).ledger.layers).toEqual(layers);
    const many = Array.from({ length: 51 }, (_, index) => `l${index}`);
    const full = many.reduce((soFar, name) => asks(soFar, from(name, 1)).ledger, ledger());
    expect(full.layers.map((layer) => layer.from)).toEqual(many.slice(1));
  });

  it('asks the office of all clusters for its own limit alone', () => {
    const limits = [
      { from: 'the cluster', limits: { rates: { allClusters: { max: 1, perSeconds: 60 }, cluster: { max: 1, perSeconds: 60 } } } },
    ];
    const before = ledger({ acts: [act({ namespace: 'x', actedMs: NOW - 1_000 })] });
    expect(ask(before, 'allClusters', request({ limits, attemptsMade: 9 }), NOW).permit).toMatchObject({
      reason: '1 act in all clusters within 1 minute: the limit of the cluster is reached.',
    });
    expect(ask(ledger(), 'allClusters', request({ limits, attemptsMade: 9 }), NOW).permit.kind).toBe('granted');
  });

  it('judges by its own clock, which never goes back (safety 25)', () => {
    const later = ledger({ latestMs: NOW + 200_000 });
    expect(asks(later, {}, NOW).permit).toMatchObject({ guard: 'clocks' });
    expect(asks(ledger(), {}, NOW - 200_000).ledger.latestMs).toBe(NOW);
  });

  it('lets a storm that is over stop nobody', () => {
    const suspect = { kind: 'cluster' as const, name: 'prod' };
    const storm = { suspect, sinceMs: 0, lastJoinedMs: 0, targets: [], targetCount: 5, limit: { targets: 5, withinSeconds: 300 } };
    expect(asks(ledger({ storms: [storm] })).permit.kind).toBe('granted');
    expect(asks(ledger({ storms: [{ ...storm, lastJoinedMs: NOW }] })).permit).toMatchObject({ guard: 'storm-brake' });
  });
});

describe('a permit', () => {
  it('asked for again under its id is the same permit: one act, one hold (safety 1)', () => {
    const again = asks(granted, {}, NOW + 1_000);
    expect(again.permit).toEqual({ kind: 'granted' });
    expect([again.ledger.acts, again.ledger.holds]).toEqual([granted.acts, granted.holds]);
  });

  it('is not given anew once it is used up, also not by a message that comes late (safety 1)', () => {
    const used = hears(granted, report());
    const late = asks(used, {}, NOW + MINUTE_MS);
    expect(late.permit).toEqual({
      kind: 'refused',
      guard: 'record',
      reason: 'Its permit is no longer open.',
      retryAtMs: NOW + MINUTE_MS + 15_000,
    });
    expect(late.ledger.acts).toEqual(used.acts);
    expect(late.ledger.refusals).toMatchObject([{ incident: 'podCrash-ranker', guard: 'record' }]);
  });

  it('that was not used is not given anew either, while a message may still be on its way', () => {
    const unused = hears(granted, { kind: 'report', report: { id: ID, outcome: 'unused', actedMs: null } });
    expect(asks(unused, {}, NOW + 60_000).permit).toMatchObject({ guard: 'record' });
  });

  it.each([
    ['another run', { run: 'run-2' }],
    ['another incident', { incident: 'podCrash-other' }],
    ['another target', { target: { cluster: 'prod', namespace: 'ml', kind: 'Deployment' as const, name: 'other' } }],
    ['another remedy', { remedy: 'undoRelease' as const }],
  ])('is no permit for %s', (_, change) => {
    const other = asks(granted, change);
    expect(other.permit).toMatchObject({
      guard: 'record',
      reason: 'The permit podCrash-ranker-1 was given for restart on ml/Deployment/ranker.',
    });
    expect(other.ledger.acts).toEqual(granted.acts);
  });

  it('is not confirmed under a freeze that was called meanwhile, nor past its time (safety 28)', () => {
    const frozen = hears(granted, { kind: 'freeze', freeze: everything });
    expect(asks(frozen).permit).toMatchObject({ guard: 'freeze', reason: 'Everything is frozen by mia until it is thawed: release.' });
    expect(asks(granted, {}, NOW + 119_999).permit.kind).toBe('granted');
    expect(asks(granted, {}, NOW + 120_000).permit).toMatchObject({ guard: 'record', reason: 'Its permit is older than 120 s.' });
    expect(asks(hears(frozen, report())).permit).toMatchObject({ guard: 'record', reason: 'Its permit is no longer open.' });
  });

  it('holds the target over attempts, and no longer than the incident (safety 2)', () => {
    const other = { incident: 'podCrash-other', run: 'run-9', id: 'other-1' };
    const used = hears(granted, { kind: 'report', report: { id: ID, outcome: 'recovered', actedMs: NOW } });
    expect(asks(used, other).permit).toMatchObject({ guard: 'target-lock' });
    const left = hears(used, { kind: 'left', incident: mine, isOver: false });
    expect(left.holds).toEqual([]);
    expect(asks(left, other).permit.kind).toBe('granted');
  });
});

describe('whyVoid()', () => {
  it('is null while the permit holds', () => {
    expect(whyVoid(granted, ID, NOW)).toBeNull();
    expect(whyVoid(granted, ID, NOW + 119_999)).toBeNull();
  });

  it('says that it is not open, too old, or under a freeze', () => {
    expect(whyVoid(granted, 'other', NOW)).toBe('Its permit is no longer open.');
    expect(whyVoid(hears(granted, report()), ID, NOW)).toBe('Its permit is no longer open.');
    expect(whyVoid(granted, ID, NOW + 120_000)).toBe('Its permit is older than 120 s.');
    const freeze = { ...everything, namespace: 'ml', untilMs: NOW + MINUTE_MS };
    const frozen = hears(granted, { kind: 'freeze', freeze });
    expect(whyVoid(frozen, ID, NOW)).toBe('Namespace ml is frozen by mia until 2026-06-10T12:01:00.000Z: release.');
    expect(whyVoid(frozen, ID, NOW + MINUTE_MS)).toBeNull();
    expect(whyVoid(hears(granted, { kind: 'freeze', freeze: { ...freeze, namespace: 'web' } }), ID, NOW)).toBeNull();
  });

  it('takes no permit to be younger because the clock was put back (safety 25)', () => {
    expect(whyVoid({ ...granted, latestMs: NOW + 120_000 }, ID, NOW)).toBe('Its permit is older than 120 s.');
  });
});

describe('hear()', () => {
  it('enters when a source proved to be alive', () => {
    const once = hears(ledger({ heartbeats: { other: 1 } }), { kind: 'heartbeat', source: 'prometheus' }, NOW + 1);
    expect(once.heartbeats).toEqual({ other: 1, prometheus: NOW + 1 });
    expect(Object.keys(hears(ledger(), { kind: 'heartbeat', source: '__proto__' }).heartbeats)).toEqual(['__proto__']);
  });

  it('enters a failure and the storm that it makes', () => {
    const limits = [{ from: 'the cluster', limits: { storm: { targets: 2, withinSeconds: 60 } } }];
    const fails = (name: string): OfficeNews => ({
      kind: 'failure',
      seen: { ...mine, run: name, target: { ...request().target, name }, suspects: [{ kind: 'node', name: 'n' }], limits },
    });
    const stormy = hears(hears(ledger(), fails('a')), fails('b'));
    expect(stormy.storms).toMatchObject([{ targetCount: 2 }]);
    const gone = (run: string): OfficeNews => ({ kind: 'left', incident: { ...mine, run }, isOver: true });
    expect(hears(stormy, gone('a'), NOW + 59_999).storms).toHaveLength(1);
    expect(hears(stormy, gone('a'), NOW + 60_000).storms).toEqual([]);
    const waning = { ...stormy, failures: stormy.failures.slice(1) };
    expect(hears(waning, fails('b'), NOW + 60_000).storms).toEqual([]);
  });

  describe('a freeze', () => {
    const ofMl: Omit<Freeze, 'sinceMs'> = { ...everything, namespace: 'ml' };
    const ofPods: Omit<Freeze, 'sinceMs'> = { ...everything, namespace: 'ml', runbook: 'pod-crash' };
    const frozen = [everything, ofMl, ofPods].reduce((soFar, freeze) => hears(soFar, { kind: 'freeze', freeze }), ledger());

    it('is entered with its time, and stands in place of one of the same scope', () => {
      expect(frozen.freezes).toEqual([everything, ofMl, ofPods].map((one) => ({ ...one, sinceMs: NOW })));
      const again = hears(frozen, { kind: 'freeze', freeze: { ...ofMl, by: 'ole' } }, NOW + 5);
      expect(again.freezes.map(({ namespace, runbook, by }) => [namespace, runbook, by])).toEqual([
        [null, null, 'mia'],
        ['ml', 'pod-crash', 'mia'],
        ['ml', null, 'ole'],
      ]);
    });

    it('ends by a thaw of exactly its scope, or of everything', () => {
      const thaw = (of: Pick<Freeze, 'namespace' | 'runbook'> | null) => hears(frozen, { kind: 'thaw', of }).freezes;
      expect(thaw({ namespace: 'ml', runbook: null })).toMatchObject([{ namespace: null }, { runbook: 'pod-crash' }]);
      expect(thaw({ namespace: 'ml', runbook: 'pod-crash' })).toHaveLength(2);
      expect(thaw({ namespace: null, runbook: 'pod-crash' })).toHaveLength(3);
      expect(thaw(null)).toEqual([]);
    });

    it('lets nothing be granted, and reports, leaves and news all the same come through (safety 28)', () => {
      const all = hears(granted, { kind: 'freeze', freeze: everything });
      expect(asks(all, { id: 'next' }).permit).toMatchObject({ guard: 'freeze' });
      expect(hears(all, report()).acts).toMatchObject([{ outcome: 'failed' }]);
      expect(hears(all, { kind: 'left', incident: mine, isOver: true })).toMatchObject({ holds: [], acts: [{ outcome: 'inconclusive' }] });
    });
  });

  describe('a reset', () => {
    const reset = (of: string, by: string): OfficeNews => ({ kind: 'reset', of, by });

    it('is written down with who did it and when, the latest of each breaker (safety 37)', () => {
      const twice = hears(hears(hears(ledger(), reset('a', 'mia')), reset('b', 'mia')), reset('a', 'ole'), NOW + 1);
      expect(twice.resets).toEqual([
        { of: 'b', by: 'mia', atMs: NOW },
        { of: 'a', by: 'ole', atMs: NOW + 1 },
      ]);
    });

    it('is remembered among the latest hundred', () => {
      const names = Array.from({ length: 101 }, (_, index) => `b${index}`);
      const all = names.reduce((soFar, name) => hears(soFar, reset(name, 'mia')), ledger());
      expect(all.resets.map(({ of }) => of)).toEqual(names.slice(1));
    });

    it('of what a storm has in common ends that storm, and no other', () => {
      const storm = { sinceMs: NOW, lastJoinedMs: NOW, targets: [], targetCount: 5, limit: { targets: 3, withinSeconds: 300 } };
      const [node, image] = [{ kind: 'node', name: 'n1' } as const, { kind: 'image', name: 'n1' } as const];
      const before = ledger({
        storms: [
          { ...storm, suspect: node },
          { ...storm, suspect: image },
        ],
      });
      const after = hears(before, reset('node n1', 'mia'));
      expect(after.storms.map(({ suspect }) => suspect)).toEqual([image]);
      expect(after.resets).toEqual([{ of: 'node n1', by: 'mia', atMs: NOW }]);
    });

    it('of the record alone takes a clock back that was once far ahead', () => {
      const year = 365 * 86_400_000;
      const ahead = ledger({ latestMs: NOW + year, lostMs: NOW + year });
      expect(hears(ahead, reset('a', 'ole'), NOW).latestMs).toBe(NOW + year);
      const after = hears(ahead, reset('record', 'ole'), NOW);
      expect(after).toMatchObject({ latestMs: NOW, resets: [{ of: 'record', by: 'ole', atMs: NOW }] });
      expect(asks(after, {}, NOW).permit.kind).toBe('granted');
    });

    it('of the record begins anew, and lets go of nothing that is out or stopped (safety 37)', () => {
      const failure = { ...mine, target: 'ml/Deployment/ranker', suspects: [], atMs: NOW, isOpen: true };
      const before: Ledger = {
        ...hears(granted, { kind: 'freeze', freeze: everything }),
        acts: [...granted.acts, act()],
        failures: [failure, { ...failure, isOpen: false }],
        resets: [{ of: 'a', by: 'mia', atMs: NOW }],
        heartbeats: { prometheus: NOW },
        lostMs: NOW - 1,
      };
      const { freezes, layers } = before;
      expect(hears(before, reset('record', 'ole'), NOW + 1)).toEqual({
        ...ledger({ latestMs: NOW + 1, acts: granted.acts, holds: granted.holds, failures: [failure], freezes, layers }),
        heartbeats: { prometheus: NOW },
        resets: [{ of: 'record', by: 'ole', atMs: NOW + 1 }],
      });
    });
  });

  it('closes a breaker when a person vouches for it (safety 37)', () => {
    const acts = [3, 2, 1].map((minutes) =>
      act({ outcome: 'failed', endedMs: NOW - minutes * MINUTE_MS, grantedMs: NOW - (minutes + 1) * MINUTE_MS }),
    );
    const limits = [{ from: 'the cluster', limits: { breakers: { remedy: { failures: 3, withinSeconds: 3_600, openSeconds: 900 } } } }];
    const change = { limits, attempts: { max: 3, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 } };
    const before = ledger({ acts });
    expect(asks(before, change).permit).toMatchObject({ guard: 'circuit-breaker' });
    const after = hears(before, { kind: 'reset', of: 'remedy restart', by: 'mia' });
    expect(asks(after, change).permit.kind).toBe('granted');
  });

  it('keeps nothing that was refused, so that a closed breaker replays nothing (safety 20)', () => {
    const before = ledger();
    const { ledger: after } = asks(before, { attemptsMade: 3 });
    expect({ ...after, refusals: [], layers: [], sightings: [] }).toEqual(before);
  });
});
