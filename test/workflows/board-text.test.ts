import { describe, expect, it } from '@jest/globals';
import type { Board } from '../../guards/board.ts';
import { boardText } from '../../workflows/board-text.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const board = (change: Partial<Board> = {}): Board => ({
  ...{ atMs: NOW, freezes: [], storms: [], demotions: [], breakers: [], budgets: [], leases: [], holds: [], refusals: [], lostMs: null },
  ...change,
});
const lines = (change: Partial<Board>) =>
  boardText('prod', board(change))
    .split('\n')
    .filter((line) => line.startsWith('- '));
const breaker = { name: 'target ml/Deployment/ranker', failures: 3, failuresMax: 3, untilMs: null, from: 'the cluster' };
const budget = { name: 'acts of restart', used: 2, max: 3, perSeconds: 3_600, freeMs: NOW, from: 'the cluster' };
const refusal = { incident: 'podCrash-x', guard: 'freeze' as const, reason: 'Stop.', retryAtMs: NOW + 15_000, atMs: NOW };

describe('boardText()', () => {
  it('of an office with nothing to tell says so, for a cluster and for all', () => {
    expect(boardText('prod', board())).toBe('### Permits of cluster prod\n\nNothing is held, refused or used up.\n\n\u00a0\n');
    expect(boardText(null, board())).toMatch(/^### Permits of all clusters\n/);
  });

  it('tells everything, under the words people look for', () => {
    const text = boardText(
      'prod',
      board({
        lostMs: NOW,
        freezes: ['Everything is frozen.'],
        storms: ['5 targets fail.'],
        breakers: [{ ...breaker, state: 'open', untilMs: NOW }],
        leases: [{ id: 'a', incident: 'podCrash-x', target: 'ml/Deployment/ranker', remedy: 'restart', sinceMs: NOW }],
        holds: [{ incident: 'podCrash-x', targets: ['ml/Deployment/a', 'ml/Deployment/b'], sinceMs: NOW }],
        budgets: [budget],
        refusals: [refusal],
      }),
    );
    expect(text.split('\n').filter((line) => line.trim() !== '')).toEqual([
      '### Permits of cluster prod',
      'All times are UTC.',
      '**Lost**',
      '- The record was lost at 2026-06-10 12:00:00; every limit counts as reached until a person resets it.',
      '**Frozen**',
      '- Everything is frozen.',
      '**Storms**',
      '- 5 targets fail.',
      '**Circuit breakers**',
      '- target ml/Deployment/ranker: open until 2026-06-10 12:00:00, 3 of 3 failures (the cluster)',
      '**Permits out**',
      '- restart on ml/Deployment/ranker, for podCrash-x, since 2026-06-10 12:00:00',
      '**Targets held**',
      '- ml/Deployment/a, ml/Deployment/b by podCrash-x, since 2026-06-10 12:00:00',
      '**Budgets used**',
      '- acts of restart: 2 of 3 within 1 hour (the cluster)',
      '**Latest refusals**',
      '- 2026-06-10 12:00:00 freeze: Stop. (podCrash-x; again at 2026-06-10 12:00:15)',
    ]);
    expect(text).not.toContain('Nothing is held');
  });

  it('says what a breaker does that is closed or half open', () => {
    const [closed, halfOpen] = lines({
      breakers: [
        { ...breaker, state: 'closed' },
        { ...breaker, state: 'halfOpen' },
      ],
    });
    expect(closed).toBe('- target ml/Deployment/ranker: closed, 3 of 3 failures (the cluster)');
    expect(halfOpen).toBe('- target ml/Deployment/ranker: lets one try through, 3 of 3 failures (the cluster)');
  });

  it('says of a budget when the next is free, once it is used up, and nothing of one that is not used', () => {
    expect(
      lines({
        budgets: [
          { ...budget, used: 3 },
          { ...budget, used: 0 },
        ],
      }),
    ).toEqual(['- acts of restart: 3 of 3 within 1 hour, the next at 2026-06-10 12:00:00 (the cluster)']);
  });

  it('tells the latest refusal first, and of which no waiting helps', () => {
    const refusals = [refusal, { ...refusal, reason: 'Never.', retryAtMs: null }];
    expect(lines({ refusals })[0]).toBe('- 2026-06-10 12:00:00 freeze: Never. (podCrash-x; no waiting helps)');
    expect(lines({ refusals })).toHaveLength(2);
  });

  it('stays a page that can be read, however much there is', () => {
    const storms = Array.from({ length: 26 }, (_, index) => `Storm ${index}.`);
    expect(lines({ storms }).slice(-2)).toEqual(['- Storm 24.', '- and 1 more']);
    expect(lines({ storms: storms.slice(0, 25) }).at(-1)).toBe('- Storm 24.');
  });

  it('lets no name become a link, an image or markup (safety 33)', () => {
    const evil = '![x](http://127.0.0.1/) <b>*now*</b>';
    const text = boardText(
      evil,
      board({ holds: [{ incident: evil, targets: [evil], sinceMs: NOW }], refusals: [{ ...refusal, reason: evil }] }),
    );
    expect(text.match(/(?<!\\)[[\]<!*]/g)?.filter((mark) => mark !== '*')).toEqual([]);
    expect(text).not.toContain('![x](');
  });
});
