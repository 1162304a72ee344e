import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Freeze, Ledger } from '../../../guards/ledger/ledger.ts';
import { soundOrLost } from '../../../guards/ledger/soundness.ts';
import { ask, hear, whyVoid } from '../../../guards/office.ts';
import { act, ledger, NOW, request } from '../asked.ts';

const mine = { incident: 'podCrash-ranker', run: 'run-1' };
const freeze: Freeze = { namespace: 'ml', runbook: null, by: 'mia', reason: 'release', sinceMs: NOW - 5, untilMs: NOW + 60_000 };
const suspect = { kind: 'node' as const, name: 'worker-3' };
const rollback = { subject: 'model churn', from: '4', to: '3', toIsQuarantined: false };

/** A record in which everything that can be there is. */
const full: Ledger = {
  latestMs: NOW,
  acts: [act({ rollback, nodes: ['worker-3'], relapsedMs: NOW }), act({ id: 'open', outcome: null, actedMs: null, endedMs: null })],
  holds: [{ ...mine, targets: ['ml/Deployment/other'], sinceMs: NOW }],
  failures: [{ ...mine, target: 'ml/Deployment/x', suspects: [suspect], atMs: NOW, isOpen: true }],
  storms: [
    { suspect, sinceMs: NOW, lastJoinedMs: NOW, targets: ['ml/Deployment/x'], targetCount: 1, limit: { targets: 1, withinSeconds: 60 } },
  ],
  freezes: [freeze],
  demotions: [{ runbook: 'pod-crash', remedy: 'restart', namespace: 'ml', why: 'it made it worse', atMs: NOW }],
  resets: [{ of: 'remedy restart', by: 'mia', atMs: NOW }],
  sightings: [{ of: 'nodes', count: 9, atMs: NOW }],
  heartbeats: { prometheus: NOW },
  layers: [{ from: 'the cluster', limits: {} }],
  refusals: [{ incident: 'x', guard: 'freeze', reason: 'Frozen.', retryAtMs: null, atMs: NOW }],
  lostMs: null,
};
const lost = (freezes: readonly Freeze[] = [], demotions: Ledger['demotions'] = []) => ledger({ freezes, demotions, lostMs: NOW });
const carriedOver = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('a record that is handed on', () => {
  it('is taken as it is when it is whole', () => {
    expect(soundOrLost(carriedOver(full), NOW)).toEqual(full);
    expect(soundOrLost(ledger(), NOW)).toEqual(ledger());
  });

  it('stays lost once it is', () => {
    expect(soundOrLost({ ...full, lostMs: 5 }, NOW).lostMs).toBe(5);
  });

  it.each([undefined, null, 0, '', 'x', [], {}, [full], { acts: [] }])('is lost when it is %p', (carried) => {
    expect(soundOrLost(carried, NOW)).toEqual(lost());
  });

  it('keeps freezes that can be read when it is lost (safety 28)', () => {
    const everything = { ...freeze, namespace: null, runbook: 'pod-crash', untilMs: null };
    const bad = [null, 'freeze', { ...freeze, untilMs: 'soon' }, { ...freeze, namespace: 3 }, { ...freeze, runbook: undefined }];
    expect(soundOrLost({ freezes: [freeze, ...bad, everything] }, NOW)).toEqual(lost([freeze, everything]));
    expect(soundOrLost({ freezes: freeze }, NOW)).toEqual(lost());
  });

  it('keeps a freeze of which only its scope and end can be read (safety 28)', () => {
    const { namespace, runbook, untilMs } = freeze;
    expect(soundOrLost({ freezes: [{ namespace, runbook, untilMs, by: 7 }] }, NOW)).toEqual(
      lost([{ namespace, runbook, untilMs, by: 'a person', reason: '', sinceMs: NOW }]),
    );
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, '5', Date.UTC(9999, 0) + 1])('is lost when a time in it is %p', (time) => {
    expect(soundOrLost({ ...full, latestMs: time }, NOW).lostMs).toBe(NOW);
    expect(soundOrLost({ ...full, lostMs: time }, NOW).lostMs).toBe(NOW);
    expect(soundOrLost({ ...full, heartbeats: { prometheus: time } }, NOW).lostMs).toBe(NOW);
  });

  it('may hold the first and the last moment there are', () => {
    expect(soundOrLost({ ...full, latestMs: 0, heartbeats: { x: Date.UTC(9999, 0) } }, NOW).lostMs).toBeNull();
  });

  it('is lost when an act has an outcome without an end, or an end without an outcome', () => {
    expect(soundOrLost({ ...full, acts: [act({ endedMs: null })] }, NOW).lostMs).toBe(NOW);
    expect(soundOrLost({ ...full, acts: [act({ outcome: null })] }, NOW).lostMs).toBe(NOW);
    expect(soundOrLost({ ...full, acts: [{ ...act(), outcome: 'fine' }] }, NOW).lostMs).toBe(NOW);
  });

  it.each(['recovered', 'ineffective', 'failed', 'inconclusive', 'unused'] as const)('may hold an act that was %s', (outcome) => {
    expect(soundOrLost({ ...full, acts: [act({ outcome })] }, NOW).lostMs).toBeNull();
  });
});

/** Every place in a record, as the keys that lead there. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [...(path.length > 0 ? [path] : []), ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

/** The record with one place changed, or left out. */
function changedAt(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...(value as object) };
  const inside = copy as Record<string, unknown>;
  if (rest.length > 0) inside[key!] = changedAt(inside[key!], rest, to);
  else if (to === undefined) delete inside[key!];
  else inside[key!] = to;
  return copy;
}

/** Limits are only shown to people; a freeze holds by its scope. */
const PLACES = placesIn(full).filter(([list, , field]) => list !== 'layers' || field !== 'limits');

describe('a record with one thing missing', () => {
  it.each(
    PLACES.filter((path) => !/^(heartbeats|acts,.*,nodes|.*targets,|.*suspects),?\d*/.test(path.join(','))).map(
      (path) => [path.join('.'), path] as const,
    ),
  )('is lost without %s (safety 3)', (_, path) => {
    const last = Number(path.at(-1));
    // An entry of a list that is gone cannot be missed, but one that is null can.
    expect(soundOrLost(changedAt(full, path, Number.isInteger(last) ? null : undefined), NOW).lostMs).toBe(NOW);
  });

  it.each(PLACES.map((path) => [path.join('.'), path] as const))('is lost when %s is of another kind (safety 3)', (_, path) => {
    const inside = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], full);
    expect(soundOrLost(changedAt(full, path, typeof inside === 'number' || inside === null ? true : 5), NOW).lostMs).toBe(NOW);
  });
});

describe('whatever is handed on', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.tuple(fc.constantFrom(...placesIn(full)), fc.jsonValue()).map(([path, value]) => changedAt(full, path, value)),
    fc.record(Object.fromEntries(Object.keys(full).map((key) => [key, fc.jsonValue()])), { requiredKeys: [] }),
  );

  it('never counts as nothing done: it is what it was, or lost and refuses everything until a person resets it (safety 3)', () => {
    fc.assert(
      fc.property(anything, (carried) => {
        const taken = soundOrLost(carried, NOW);
        if (taken.lostMs === null) return void expect(taken).toEqual(carried);
        const { ledger: after, permit } = ask(taken, 'cluster', request(), NOW);
        expect(permit).toMatchObject({ kind: 'refused', guard: 'record', retryAtMs: null });
        expect(ask(after, 'allClusters', request(), NOW + 1_000).permit).toMatchObject({ guard: 'record' });
        const reset = hear(after, { kind: 'reset', of: 'record', by: 'mia' }, NOW + 2_000);
        expect(reset.resets).toEqual([{ of: 'record', by: 'mia', atMs: Math.max(NOW + 2_000, taken.latestMs) }]);
        expect(ask({ ...reset, freezes: [] }, 'allClusters', request(), NOW + 2_000).permit.kind).toBe('granted');
      }),
      { numRuns: 400 },
    );
  });

  it('never stops the office from answering (safety 30)', () => {
    fc.assert(
      fc.property(anything, (carried) => {
        const taken = soundOrLost(carried, NOW);
        const told = hear(
          hear(taken, { kind: 'left', incident: mine, isOver: true }, NOW),
          { kind: 'report', report: { id: 'open', outcome: 'failed', actedMs: NOW } },
          NOW,
        );
        const seen = { ...mine, target: request().target, suspects: [suspect], limits: request().limits };
        const after = ask(hear(told, { kind: 'failure', seen }, NOW), 'cluster', request({ rollback, nodes: ['worker-3'] }), NOW);
        expect(['granted', 'refused']).toContain(after.permit.kind);
        expect(whyVoid(after.ledger, 'never-given', NOW)).not.toBeNull();
        expect(soundOrLost(carriedOver(after.ledger), NOW)).toEqual(carriedOver(after.ledger));
      }),
      { numRuns: 400 },
    );
  });
});
