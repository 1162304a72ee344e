import { describe, expect, it } from '@jest/globals';
import type { Act } from '../../../guards/ledger/ledger.ts';
import type { BreakerLimits, LimitLayer } from '../../../guards/limits.ts';
import { BREAKERS, breakersOf, circuitBreaker, stateOf } from '../../../guards/repetition/circuit-breaker.ts';
import type { PermitRequest } from '../../../guards/request.ts';
import { act, asked, ledger, NOW } from '../asked.ts';

const limits: BreakerLimits = { failures: 2, withinSeconds: 600, openSeconds: 60 };
const layer = (kind: (typeof BREAKERS)[number], change: Partial<BreakerLimits> = {}, from = 'the cluster'): LimitLayer => ({
  from,
  limits: { breakers: { [kind]: { ...limits, ...change } } },
});
const bad = (secondsAgo: number, change: Partial<Act> = {}) =>
  act({ outcome: 'failed', grantedMs: NOW - secondsAgo * 1000 - 5_000, endedMs: NOW - secondsAgo * 1000, ...change });
const judge = (layers: readonly LimitLayer[], acts: readonly Act[], change: Partial<PermitRequest> = {}) =>
  circuitBreaker(asked({ request: { limits: layers, ...change }, ledger: { acts } }));

/** Each differs from the request in everything but one thing. */
const SHARED = {
  target: { remedy: 'undoRelease', runbook: 'other' },
  remedy: { target: 'ml/Deployment/other', runbook: 'other' },
  runbook: { target: 'ml/Deployment/other', remedy: 'undoRelease' },
} as const;
const NAMES = { target: 'target ml/Deployment/ranker', remedy: 'remedy restart', runbook: 'runbook pod-crash' } as const;

describe('the circuit breakers', () => {
  it.each(BREAKERS)('of a %s refuses what failed too often there, and counts nothing else', (kind) => {
    const acts = [bad(40, SHARED[kind]), bad(20, SHARED[kind])];
    expect(judge([layer(kind)], acts)).toEqual({
      kind: 'refused',
      guard: 'circuit-breaker',
      reason: `The circuit breaker of ${NAMES[kind]} is open after 2 acts that did not help for good (limit of the cluster). It lets one try through at 2026-06-10T12:00:40.000Z.`,
      retryAtMs: NOW + 40_000,
    });
    for (const other of BREAKERS.filter((one) => one !== kind)) expect(judge([layer(other)], acts)).toBeNull();
  });

  it('let one try through when the time is over, and say who tries (safety 20)', () => {
    const acts = [bad(90), bad(60)];
    expect(judge([layer('target')], acts)).toBeNull();
    const trying = act({ incident: 'podCrash-first', outcome: null, endedMs: null, grantedMs: NOW });
    expect(judge([layer('target')], [...acts, trying])).toEqual({
      kind: 'refused',
      guard: 'circuit-breaker',
      reason:
        'The circuit breaker of target ml/Deployment/ranker is open after 2 acts that did not help for good (limit of the cluster). One try is under way, by podCrash-first.',
      retryAtMs: NOW + 30_000,
    });
  });

  it('hold under every layer, so that the tightest refuses', () => {
    const acts = [bad(40)];
    expect(judge([layer('target')], acts)).toBeNull();
    const tighter = layer('target', { failures: 1 }, 'runbook pod-crash');
    expect(judge([layer('target'), tighter], acts)?.reason).toContain(
      'after 1 acts that did not help for good (limit of runbook pod-crash)',
    );
  });

  it('refuse nothing where no layer has one', () => {
    expect(judge([{ from: 'the cluster', limits: {} }], [bad(40), bad(20)])).toBeNull();
  });

  it.each(['failures', 'withinSeconds', 'openSeconds'] as const)('refuse for good where %s cannot be read', (field) => {
    for (const value of [0, Number.NaN, 1.5])
      expect(judge([layer('remedy', { [field]: value })], [])).toEqual({
        kind: 'refused',
        guard: 'circuit-breaker',
        reason: `The limit breakers.remedy cannot be read (${field === 'failures' ? value : 2}), so nothing is done under it.`,
        retryAtMs: null,
      });
  });
});

describe('breakersOf()', () => {
  it('names every breaker an act counts for', () => {
    expect(breakersOf(act())).toEqual(NAMES);
  });
});

describe('stateOf()', () => {
  const acts = [bad(40), bad(20)];
  const state = (name: string, resets: readonly { of: string; atMs: number }[] = [], nowMs = NOW) =>
    stateOf(ledger({ acts, resets: resets.map((one) => ({ ...one, by: 'mia' })) }), name, limits, nowMs);

  it('is that of the breaker with this name alone', () => {
    expect(state(NAMES.target)).toMatchObject({ kind: 'open', failures: 2 });
    expect(state('target ml/Deployment/other')).toEqual({ kind: 'closed', failures: 0 });
    expect(state('restart')).toEqual({ kind: 'closed', failures: 0 });
    expect(stateOf(ledger({ acts }), 'restart', { ...limits, failures: 1 }, NOW)).toEqual({ kind: 'closed', failures: 0 });
    expect(state('remedy ml/Deployment/ranker')).toEqual({ kind: 'closed', failures: 0 });
  });

  it('begins anew with a person’s latest reset of this breaker, and of no other (safety 37)', () => {
    const late = { of: NAMES.target, atMs: NOW - 20_000 };
    const early = { of: NAMES.target, atMs: NOW - 30_000 };
    expect(state(NAMES.target, [late])).toEqual({ kind: 'closed', failures: 0 });
    expect(state(NAMES.target, [early])).toEqual({ kind: 'closed', failures: 1 });
    expect(state(NAMES.target, [late, early])).toEqual({ kind: 'closed', failures: 0 });
    expect(state(NAMES.target, [{ ...late, of: NAMES.remedy }])).toMatchObject({ kind: 'open' });
  });

  it('does not count permits that were not used, nor let them try', () => {
    const unused = act({ outcome: 'unused', endedMs: NOW });
    expect(stateOf(ledger({ acts: [unused, unused] }), NAMES.target, limits, NOW)).toEqual({ kind: 'closed', failures: 0 });
  });
});
