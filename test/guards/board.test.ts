import { describe, expect, it } from '@jest/globals';
import { boardOf } from '../../guards/board.ts';
import type { Act, Ledger } from '../../guards/ledger/ledger.ts';
import type { Limits } from '../../guards/limits.ts';
import { act, ledger, MINUTE_MS, NOW } from './asked.ts';

const layer = (limits: Limits, from = 'the cluster') => ({ from, limits });
const board = (change: Partial<Ledger>) => boardOf(ledger(change), NOW);

describe('boardOf()', () => {
  it('of an office that has done nothing is empty', () => {
    const empty = { freezes: [], storms: [], demotions: [], breakers: [], budgets: [], leases: [], holds: [], refusals: [], lostMs: null };
    expect(board({})).toEqual({ atMs: NOW, ...empty });
  });

  it('is never of a time before what is in it (safety 25)', () => {
    expect(boardOf(ledger(), NOW - 1).atMs).toBe(NOW);
    expect(boardOf(ledger(), NOW + 1).atMs).toBe(NOW + 1);
  });

  it('tells freezes and storms in sentences, and no freeze that is over', () => {
    const freeze = { namespace: 'ml', runbook: null, by: 'ada', reason: 'a move', sinceMs: NOW, untilMs: NOW + 1 };
    const storm = { suspect: { kind: 'node' as const, name: 'n1' }, targets: ['a'], targetCount: 5, sinceMs: NOW, lastJoinedMs: NOW };
    const seen = board({
      freezes: [freeze, { ...freeze, namespace: 'web', untilMs: NOW }, { ...freeze, namespace: null, untilMs: null }],
      storms: [{ ...storm, limit: { targets: 5, withinSeconds: 300 } }],
    });
    expect(seen.freezes).toEqual([
      'Namespace ml is frozen by ada until 2026-06-10T12:00:00.001Z: a move.',
      'Everything is frozen by ada until it is thawed: a move.',
    ]);
    expect(seen.storms).toEqual(['5 targets fail that share node n1, since 2026-06-10 12:00:00 UTC.']);
  });

  it('tells permits that are out, what is held, what was refused and since when the record is lost', () => {
    const refusal = { incident: 'x', guard: 'freeze' as const, reason: 'Stop.', retryAtMs: null, atMs: NOW };
    const hold = { incident: 'x', run: 'r', targets: ['ml/Deployment/ranker'], sinceMs: NOW };
    const seen = board({
      acts: [act(), act({ id: 'open', outcome: null, grantedMs: NOW - 5 })],
      holds: [hold],
      refusals: [refusal],
      lostMs: 7,
    });
    expect(seen.leases).toEqual([
      { id: 'open', incident: 'podCrash-ranker-earlier', target: 'ml/Deployment/ranker', remedy: 'restart', sinceMs: NOW - 5 },
    ]);
    expect(seen.holds).toEqual([{ incident: 'x', targets: ['ml/Deployment/ranker'], sinceMs: NOW }]);
    expect(seen.refusals).toEqual([refusal]);
    expect(seen.lostMs).toBe(7);
  });
});

describe('circuit breakers on the board', () => {
  const breaker = { failures: 2, withinSeconds: 3_600, openSeconds: 900 };
  const failed = (change: Partial<Act> = {}) => act({ outcome: 'failed', ...change });

  it('are told once something went wrong, and until when they are open', () => {
    const acts = [failed({ target: 'ml/Deployment/a' }), failed({ target: 'ml/Deployment/b', remedy: 'raiseMemory' }), act()];
    const seen = board({ acts, layers: [layer({ breakers: { target: breaker, runbook: breaker } }), layer({})] });
    const of = { failuresMax: 2, from: 'the cluster' };
    expect(seen.breakers).toEqual([
      { name: 'target ml/Deployment/a', state: 'closed', failures: 1, untilMs: null, ...of },
      { name: 'target ml/Deployment/b', state: 'closed', failures: 1, untilMs: null, ...of },
      { name: 'runbook pod-crash', state: 'open', failures: 2, untilMs: NOW - 10 * MINUTE_MS + 900_000, ...of },
    ]);
  });

  it('are told by every layer that limits them', () => {
    const layers = [layer({ breakers: { remedy: breaker } }), layer({ breakers: { remedy: { ...breaker, failures: 1 } } }, 'namespace ml')];
    expect(board({ acts: [failed()], layers }).breakers.map(({ state, from }) => [state, from])).toEqual([
      ['closed', 'the cluster'],
      ['open', 'namespace ml'],
    ]);
  });

  it('say that they let one try through once their time is over', () => {
    const acts = [failed({ endedMs: NOW - 901_000 }), failed({ endedMs: NOW - 901_000 })];
    expect(board({ acts, layers: [layer({ breakers: { target: breaker } })] }).breakers).toMatchObject([
      { state: 'halfOpen', untilMs: null },
    ]);
  });

  it('do not know a permit that was not used', () => {
    expect(board({ acts: [failed({ outcome: 'unused' })], layers: [layer({ breakers: { target: breaker } })] }).breakers).toEqual([]);
  });
});

describe('budgets on the board', () => {
  const rate = { max: 2, perSeconds: 3_600 };
  const elsewhere = { namespace: 'web', remedy: 'raiseMemory' as const, actedMs: NOW - MINUTE_MS };

  it('are told for each remedy and namespace, for the cluster and for all', () => {
    const rates = { remedy: rate, namespace: rate, cluster: rate, allClusters: rate };
    const seen = board({ acts: [act(), act(), act(elsewhere), act({ outcome: 'unused' })], layers: [layer({ rates }), layer({})] });
    const [first, second] = [NOW - 11 * MINUTE_MS + 3_600_000, NOW - MINUTE_MS + 3_600_000];
    expect(seen.budgets.map(({ name, used, freeMs }) => [name, used, freeMs])).toEqual([
      ['acts of restart', 2, first],
      ['acts of raiseMemory', 1, second],
      ['acts in namespace ml', 2, first],
      ['acts in namespace web', 1, second],
      ['acts in the cluster', 3, first],
      ['acts in all clusters', 3, first],
    ]);
    expect(seen.budgets[0]).toMatchObject({ max: 2, perSeconds: 3_600, from: 'the cluster' });
  });

  it('are free again when enough has left the window, to the millisecond', () => {
    const acts = [NOW - 3, NOW - 1, NOW - 2].map((actedMs) => act({ actedMs }));
    const free = (max: number) => board({ acts, layers: [layer({ rates: { cluster: { max, perSeconds: 60 } } })] }).budgets[0]?.freeMs;
    expect(free(3)).toBe(NOW - 3 + 60_000);
    expect(free(4)).toBe(NOW - 3 + 60_000);
    expect(free(2)).toBe(NOW - 2 + 60_000);
    expect(free(1)).toBe(NOW - 1 + 60_000);
  });

  it('do not count what left the window', () => {
    const of = (actedMs: number) => board({ acts: [act({ actedMs })], layers: [layer({ rates: { cluster: rate } })] }).budgets;
    expect(of(NOW - 3_600_000)).toMatchObject([{ used: 0, freeMs: null }]);
    expect(of(NOW - 3_599_999)).toMatchObject([{ used: 1, freeMs: NOW + 1 }]);
  });
});

describe('the work of a board', () => {
  it('grows with the acts, not with their square', () => {
    const breaker = { failures: 2, withinSeconds: 3_600, openSeconds: 900 };
    const rate = { max: 2, perSeconds: 3_600 };
    const layers = [layer({ breakers: { target: breaker }, rates: { namespace: rate } })];
    const looksAt = (count: number) => {
      let looks = 0;
      const acts = Array.from({ length: count }, (_, index) => {
        const one = act({ namespace: `n${index}`, target: `n${index}/Deployment/a`, outcome: 'failed' });
        const get = () => {
          looks++;
          return one.outcome;
        };
        return Object.defineProperty({ ...one }, 'outcome', { enumerable: true, get });
      });
      board({ acts, layers });
      return looks;
    };
    expect(looksAt(200)).toBeLessThan(2.5 * looksAt(100));
  });
});
