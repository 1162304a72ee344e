import { describe, expect, it } from '@jest/globals';
import type { Act } from '../../../guards/ledger/ledger.ts';
import { attemptCapOfIncident, attemptCapOfTarget } from '../../../guards/repetition/attempt-cap.ts';
import { act, asked, MINUTE_MS, NOW } from '../asked.ts';

const attempts = { max: 3, backoffFirstSeconds: 30, backoffFactor: 2, backoffMaxSeconds: 600 };
const ofIncident = (attemptsMade: unknown, acts: readonly Act[] = [], max = 3) =>
  attemptCapOfIncident(asked({ request: { attemptsMade: attemptsMade as number, attempts: { ...attempts, max } }, ledger: { acts } }));
const own = (change: Partial<Act> = {}) => act({ incident: 'podCrash-ranker', run: 'run-1', ...change });

describe('the attempt cap of an incident', () => {
  it('lets the third of three attempts be made, and not the fourth (safety 3)', () => {
    expect(ofIncident(0)).toBeNull();
    expect(ofIncident(2)).toBeNull();
    const refusal = { kind: 'refused', guard: 'attempt-cap', reason: '3 of 3 attempts are used.', retryAtMs: null };
    expect(ofIncident(3)).toEqual(refusal);
  });

  it.each([Number.NaN, -1, 1.5, undefined, null, '0', {}])(
    'counts as reached when the count of past attempts is %p (safety 3)',
    (count) => {
      expect(ofIncident(count)).toEqual({
        kind: 'refused',
        guard: 'attempt-cap',
        reason: `The record of past attempts cannot be read (${count}), so no further attempt is made.`,
        retryAtMs: null,
      });
    },
  );

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, undefined])('is never without a limit: %p refuses (safety 3)', (max) => {
    expect(attemptCapOfIncident(asked({ request: { attempts: { ...attempts, max: max as number } } }))).toEqual({
      kind: 'refused',
      guard: 'attempt-cap',
      reason: `The limit attempts.max cannot be read (${max}), so nothing is done under it.`,
      retryAtMs: null,
    });
  });

  it('counts what the record holds of this run when that is more than the incident says, open ones too', () => {
    const two = [own({ id: 'a', outcome: 'recovered' }), own({ id: 'b', outcome: null, endedMs: null })];
    expect(ofIncident(0, two)).toBeNull();
    expect(ofIncident(0, [...two, own({ id: 'c', outcome: 'failed' })])).toMatchObject({ reason: '3 of 3 attempts are used.' });
    expect(ofIncident(3, two)).toMatchObject({ reason: '3 of 3 attempts are used.' });
    expect(ofIncident(5, two)).toMatchObject({ reason: '5 of 3 attempts are used.' });
  });

  it('counts neither unused permits, nor another run, nor another incident', () => {
    const others = [own({ outcome: 'unused' }), own({ run: 'run-0' }), own({ incident: 'podCrash-other' })];
    expect(ofIncident(0, others, 1)).toBeNull();
  });
});

const layer = (max: number, perSeconds = 600, from = 'the cluster') => ({ from, limits: { target: { max, perSeconds } } });
const ofTarget = (acts: readonly Act[], limits = [layer(2)]) => attemptCapOfTarget(asked({ request: { limits }, ledger: { acts } }));
const bad = (minutesAgo: number, change: Partial<Act> = {}) =>
  act({ outcome: 'ineffective', endedMs: NOW - minutesAgo * MINUTE_MS, ...change });

describe('the attempt cap of a target', () => {
  it('refuses past so many attempts in vain, by whichever incident, until one is old enough', () => {
    expect(ofTarget([bad(5)])).toBeNull();
    expect(ofTarget([bad(5, { incident: 'another' }), bad(3)])).toEqual({
      kind: 'refused',
      guard: 'attempt-cap',
      reason: '2 attempts on ml/Deployment/ranker within 10 minutes did not help for good (limit of the cluster).',
      retryAtMs: NOW + 5 * MINUTE_MS,
    });
    expect(ofTarget([bad(10), bad(3)])).toBeNull();
  });

  it.each(['ineffective', 'failed', 'inconclusive'] as const)('counts an attempt that was %s (safety 4)', (outcome) => {
    expect(ofTarget([bad(5, { outcome })], [layer(1)])).not.toBeNull();
  });

  it('counts a cure only once it did not last, from then on (safety 4)', () => {
    const cure = act({ outcome: 'recovered', endedMs: NOW - 9 * MINUTE_MS });
    expect(ofTarget([cure], [layer(1)])).toBeNull();
    expect(ofTarget([{ ...cure, relapsedMs: NOW - MINUTE_MS }], [layer(1)])).toMatchObject({ retryAtMs: NOW + 9 * MINUTE_MS });
  });

  it('counts one that is not over as if it failed now', () => {
    const open = act({ outcome: null, endedMs: null, actedMs: null, grantedMs: NOW - 60 * MINUTE_MS });
    expect(ofTarget([open], [layer(1)])).toMatchObject({ retryAtMs: NOW + 30_000 });
  });

  it('counts no other target and no unused permit, and without a limit lets through', () => {
    expect(ofTarget([bad(5, { target: 'ml/Deployment/other' }), bad(5, { outcome: 'unused' })], [layer(1)])).toBeNull();
    expect(ofTarget([bad(5), bad(4)], [])).toBeNull();
  });

  it('holds every layer, so that the tightest refuses', () => {
    expect(ofTarget([bad(5)], [layer(2), layer(1, 600, 'namespace ml')])?.reason).toContain('limit of namespace ml');
  });
});
