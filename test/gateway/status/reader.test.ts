import { describe, expect, it, jest } from '@jest/globals';
import { openStatusReader } from '../../../gateway/status/reader.ts';
import { all, row, sources } from './sample.ts';

const question = { id: '1a2b3c4d', plan: 'restart (2 pods)', expiresAt: '2026-03-04T10:30:00.000Z', options: null };

describe('the status of a cluster', () => {
  it('has those that need a person first, the most urgent of them at the top, with what they ask', async () => {
    const open = all(
      row({ target: 'ml/Deployment/a', phase: 'verifying' }),
      row({ target: 'ml/Deployment/b', phase: 'escalated' }),
      row({ target: 'ml/Deployment/c', phase: null }),
      row({ target: 'ml/Deployment/d', phase: 'asking' }),
      row({ target: 'ml/Deployment/e', phase: 'untold' }),
    );
    const asked = jest.fn(async (id: string) => (id.endsWith('/d') ? question : null));
    const reading = await openStatusReader('prod', () => sources({ open, asked })).read();
    if (reading.kind !== 'now') throw new Error('It is away.');
    expect(reading.status.open.incidents.map(({ target, asked: what }) => [target, what])).toEqual([
      ['ml/Deployment/e', null],
      ['ml/Deployment/d', question],
      ['ml/Deployment/b', null],
      ['ml/Deployment/a', null],
      ['ml/Deployment/c', null],
    ]);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('counts what ended by failure and end, and names the latest fifty', async () => {
    const ended = Array.from({ length: 60 }, (_, index) =>
      row({ target: `ml/Deployment/${index}`, state: index === 0 ? 'broken' : 'closed', outcome: index % 2 ? 'recovered' : 'escalated' }),
    );
    const closedSince = async () => ({ rows: ended, total: 61 });
    const reading = await openStatusReader('prod', () => sources({ closedSince })).read();
    if (reading.kind !== 'now') throw new Error('It is away.');
    const { latest, ...counted } = reading.status.lastDay;
    expect(counted).toEqual({ total: 61, counted: 60, counts: { podCrash: { broken: 1, escalated: 29, recovered: 30 } } });
    expect(latest).toHaveLength(50);
  });

  it('asks about twenty-four hours, and is read once however many look', async () => {
    const began = Date.now();
    const closedSince = jest.fn(async (_sinceMs: number) => ({ rows: [], total: 0 }));
    const board = jest.fn(async () => null);
    const reader = openStatusReader('prod', () => sources({ closedSince, board }));
    await Promise.all(Array.from({ length: 20 }, () => reader.read()));
    expect(closedSince).toHaveBeenCalledTimes(1);
    expect(closedSince.mock.calls[0]![0]).toBeGreaterThanOrEqual(began - 86_400_000);
    expect(closedSince.mock.calls[0]![0]).toBeLessThanOrEqual(Date.now() - 86_400_000);
    expect(board.mock.calls).toEqual([['prod'], [null]]);
  });

  it('tells what was known last while Temporal is away, and that nothing is known where it never was there', async () => {
    jest.useFakeTimers();
    try {
      let isAway = true;
      const open = async () => {
        if (isAway) throw new Error('Temporal did not answer within 3 s.');
        return { rows: [row({ target: 'ml/Deployment/a' })], total: 1 };
      };
      const reader = openStatusReader('prod', () => sources({ open }));
      expect(await reader.read()).toEqual({ kind: 'away', why: 'Temporal did not answer within 3 s.', last: null });
      expect(await reader.open()).toBeNull();
      isAway = false;
      jest.advanceTimersByTime(5_000);
      expect(await reader.read()).toMatchObject({ kind: 'now', status: { open: { total: 1 } } });
      isAway = true;
      jest.advanceTimersByTime(5_000);
      expect(await reader.read()).toMatchObject({ kind: 'away', last: { open: { total: 1 } } });
    } finally {
      jest.useRealTimers();
    }
  });

  it('says so while Temporal has not been reached', async () => {
    expect(await openStatusReader('prod', () => null).read()).toEqual({
      kind: 'away',
      why: 'It has not been reached yet.',
      last: null,
    });
  });
});
