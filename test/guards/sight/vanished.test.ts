import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { vanished, withSightings } from '../../../guards/sight/vanished.ts';
import { asked, ledger, MINUTE_MS, NOW, namespace, read, request, surroundings } from '../asked.ts';

const unreadable = { kind: 'unreadable', what: 'the nodes', reason: 'it timed out' } as const;

/** What is seen: ready nodes of all, and workloads. */
const seeing = (total: number, ready = total, workloads = 30) =>
  surroundings({ nodes: read({ total, ready, openAfter: ready }), namespace: namespace({ workloads }) });
const asking = (seen: ReturnType<typeof seeing>, sightings: { of: string; count: number; atMs: number }[] = []) =>
  vanished(asked({ request: { surroundings: seen }, ledger: { sightings } }));

describe('nodes that are not ready', () => {
  it.each([
    [20, 9],
    [100, 45],
    [3, 2],
    [1, 1],
  ])('of %s, %s being left, are borne', (total, ready) => {
    expect(asking(seeing(total, ready))).toBeNull();
  });

  it.each([
    [20, 8],
    [100, 44],
    [3, 1],
    [1, 0],
  ])('of %s, %s being left, are more than 55 percent, and nothing is changed (safety 22)', (total, ready) => {
    expect(asking(seeing(total, ready))).toEqual({
      ...{ kind: 'refused', guard: 'sight', retryAtMs: NOW + MINUTE_MS },
      reason: `${total - ready} of ${total} nodes are not ready: more than one target is in trouble.`,
    });
  });

  it('are most of them exactly when more than 55 in 100 are (safety 22)', () => {
    const counts = fc.integer({ min: 1, max: 5_000 }).chain((total) => fc.tuple(fc.constant(total), fc.integer({ min: 0, max: total })));
    fc.assert(
      fc.property(counts, ([total, gone]) => {
        expect(asking(seeing(total, total - gone)) !== null).toBe(20 * gone > 11 * total);
      }),
    );
  });

  it('are unknown where the number is none, and that refuses (safety 18)', () => {
    expect(asking(seeing(20, Number.NaN))).not.toBeNull();
  });

  it('of a cluster without a node are no leave for everything (safety 10)', () => {
    expect(asking(seeing(0))).toMatchObject({ reason: 'The cluster shows no node at all.', retryAtMs: NOW + MINUTE_MS });
  });
});

describe('what was there minutes ago', () => {
  const earlier = (count: number, ago = 0, of = 'nodes') => [{ of, count, atMs: NOW - ago }];

  it('and is gone in its greater part refuses (safety 22)', () => {
    expect(asking(seeing(8), earlier(20))).toEqual({
      ...{ kind: 'refused', guard: 'sight', retryAtMs: NOW + MINUTE_MS },
      reason: 'Of 20 nodes only 8 are left within minutes; silence is not health.',
    });
    expect(asking(seeing(9), earlier(20))).toBeNull();
  });

  it('is counted for workloads of the same namespace too (safety 22)', () => {
    expect(asking(seeing(20, 20, 0), earlier(4, 0, 'workloads of namespace ml'))?.reason).toBe(
      'Of 4 workloads of namespace ml only 0 are left within minutes; silence is not health.',
    );
    expect(asking(seeing(20, 20, 0), earlier(4, 0, 'workloads of namespace web'))).toBeNull();
  });

  it('is forgotten after a quarter of an hour, since it may have been taken away on purpose', () => {
    expect(asking(seeing(8), earlier(20, 15 * MINUTE_MS - 1))).not.toBeNull();
    expect(asking(seeing(8), earlier(20, 15 * MINUTE_MS))).toBeNull();
  });

  it('is not missed where it was three or fewer', () => {
    expect(asking(seeing(1), earlier(3))).toBeNull();
    expect(asking(seeing(1), earlier(4))).not.toBeNull();
  });

  it('is not counted where it cannot be read', () => {
    expect(asking(surroundings({ nodes: unreadable, namespace: unreadable }), earlier(20))).toBeNull();
  });
});

describe('withSightings()', () => {
  const kept = (seen: ReturnType<typeof seeing>, sightings: { of: string; count: number; atMs: number }[] = []) =>
    withSightings(ledger({ sightings }), request({ surroundings: seen })).sightings;
  const workloads = { of: 'workloads of namespace ml', count: 30, atMs: NOW };

  it('keeps what is seen, by what it is of', () => {
    expect(kept(seeing(20))).toEqual([{ of: 'nodes', count: 20, atMs: NOW }, workloads]);
  });

  it('keeps a larger number seen within a quarter of an hour, and drops it then', () => {
    const lately = { of: 'nodes', count: 21, atMs: NOW - 15 * MINUTE_MS + 1 };
    expect(kept(seeing(20), [lately])).toEqual([lately, workloads]);
    expect(kept(seeing(20), [{ ...lately, atMs: NOW - 15 * MINUTE_MS }])).toEqual([{ of: 'nodes', count: 20, atMs: NOW }, workloads]);
  });

  it('keeps the newer of two equal ones, and leaves those of others alone', () => {
    const other = { of: 'workloads of namespace web', count: 99, atMs: NOW - MINUTE_MS };
    expect(kept(seeing(20), [{ of: 'nodes', count: 20, atMs: NOW - MINUTE_MS }, other])).toEqual([
      other,
      { of: 'nodes', count: 20, atMs: NOW },
      workloads,
    ]);
  });

  it('keeps nothing of what cannot be read', () => {
    expect(kept(surroundings({ nodes: unreadable, namespace: unreadable }))).toEqual([]);
  });
});
