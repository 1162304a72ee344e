import { describe, expect, it } from '@jest/globals';
import { freeze, freezeOver, freezeText } from '../../../guards/people/freeze.ts';
import { asked, MINUTE_MS, NOW } from '../asked.ts';

const called = { namespace: null, runbook: null, by: 'ada', reason: 'release night', sinceMs: NOW - MINUTE_MS, untilMs: null };
const ml = { namespace: 'ml', runbook: 'pod-crash' };

describe('freeze', () => {
  it('lets act what nobody froze', () => {
    expect(freeze(asked())).toBeNull();
  });

  it('refuses while a person says stop, and looks again soon (safety 28)', () => {
    expect(freeze(asked({ ledger: { freezes: [called] } }))).toEqual({
      ...{ kind: 'refused', guard: 'freeze', retryAtMs: NOW + 15_000 },
      reason: 'Everything is frozen by ada until it is thawed: release night.',
    });
  });

  it.each([
    ['its namespace', { namespace: 'ml' }, { namespace: 'web' }],
    ['its runbook', { runbook: 'pod-crash' }, { runbook: 'out-of-memory' }],
  ])('refuses while %s is frozen, and not while another is (safety 28)', (_what, own, other) => {
    expect(freeze(asked({ ledger: { freezes: [{ ...called, ...own }] } }))).toMatchObject({ guard: 'freeze' });
    expect(freeze(asked({ ledger: { freezes: [{ ...called, ...other }] } }))).toBeNull();
  });

  it('is asked again when it ends, where that is sooner', () => {
    const retryAt = (untilMs: number) => freeze(asked({ ledger: { freezes: [{ ...called, untilMs }] } }))?.retryAtMs;
    expect(retryAt(NOW + 1)).toBe(NOW + 1);
    expect(retryAt(NOW + 14_999)).toBe(NOW + 14_999);
    expect(retryAt(NOW + 15_001)).toBe(NOW + 15_000);
  });

  it('comes before the calendar, in which every layer is looked up', () => {
    const window = { kind: 'once' as const, reason: 'a move', from: '2026-06-10T11:00:00Z', until: '2026-06-10T13:00:00Z' };
    const past = { ...window, until: '2026-06-10T12:00:00Z' };
    const limits = [
      { from: 'the cluster', limits: { freezes: [past] } },
      { from: 'namespace ml', limits: { freezes: [past, window] } },
    ];
    expect(freeze(asked({ request: { limits } }))).toEqual({
      ...{ kind: 'refused', guard: 'freeze', retryAtMs: NOW + 60 * MINUTE_MS },
      reason: 'No change is made in this time: a move (a freeze of namespace ml, until 2026-06-10T13:00:00.000Z).',
    });
    expect(freeze(asked({ request: { limits }, ledger: { freezes: [called] } }))?.reason).toMatch(/^Everything/);
    expect(freeze(asked({ request: { limits: limits.slice(0, 1) } }))).toBeNull();
  });
});

describe('freezeOver()', () => {
  it.each([
    ['everything', {}, true],
    ['its namespace', { namespace: 'ml' }, true],
    ['its runbook', { runbook: 'pod-crash' }, true],
    ['its runbook in its namespace', ml, true],
    ['another namespace', { namespace: 'web' }, false],
    ['another runbook', { runbook: 'out-of-memory' }, false],
    ['its runbook in another namespace', { ...ml, namespace: 'web' }, false],
    ['another runbook in its namespace', { ...ml, runbook: 'out-of-memory' }, false],
  ])('of a freeze of %s', (_scope, scope, holds) => {
    expect(freezeOver({ freezes: [{ ...called, ...scope }] }, ml, NOW) !== null).toBe(holds);
  });

  it('ends to the millisecond', () => {
    expect(freezeOver({ freezes: [{ ...called, untilMs: NOW + 1 }] }, ml, NOW)).not.toBeNull();
    expect(freezeOver({ freezes: [{ ...called, untilMs: NOW }] }, ml, NOW)).toBeNull();
  });

  it('finds the one that holds among those that do not', () => {
    const over = { ...called, untilMs: NOW };
    const elsewhere = { ...called, namespace: 'web' };
    expect(freezeOver({ freezes: [over, elsewhere, called] }, ml, NOW)).toBe(called);
    expect(freezeOver({ freezes: [] }, ml, NOW)).toBeNull();
  });
});

describe('freezeText()', () => {
  it.each([
    [{}, 'Everything is frozen by ada until it is thawed: release night.'],
    [{ namespace: 'ml' }, 'Namespace ml is frozen by ada until it is thawed: release night.'],
    [{ runbook: 'pod-crash' }, 'Runbook pod-crash is frozen by ada until it is thawed: release night.'],
    [ml, 'Runbook pod-crash in namespace ml is frozen by ada until it is thawed: release night.'],
    [{ untilMs: NOW, reason: '' }, 'Everything is frozen by ada until 2026-06-10T12:00:00.000Z.'],
    [{ reason: 'We move v. 2 in.' }, 'Everything is frozen by ada until it is thawed: We move v. 2 in.'],
  ])('says of %j: %s', (change, text) => {
    expect(freezeText({ ...called, ...change })).toBe(text);
  });
});
