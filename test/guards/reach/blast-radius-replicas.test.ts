import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Limits } from '../../../guards/limits.ts';
import { blastRadius } from '../../../guards/reach/blast-radius.ts';
import type { ReplicasState } from '../../../incident/surroundings.ts';
import { asked, MINUTE_MS, NOW, replicas, surroundings } from '../asked.ts';

const under = (blast: Limits['blast']) => [{ from: 'the cluster', limits: { blast } }];
const unreadable = { kind: 'unreadable', what: 'it', reason: 'it timed out' } as const;

describe('replicas', () => {
  const taking = (change: Partial<ReplicasState>, replicasPercent = 34) =>
    blastRadius(asked({ request: { surroundings: surroundings({ replicas: replicas(change) }), limits: under({ replicasPercent }) } }));

  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [1, 0],
  ])('%s of %s ready ones taken would be the last, however large the share (safety 8)', (readyTaken, ready) => {
    expect(taking({ wanted: 10, ready, readyTaken }, 100)).toEqual({
      ...{ kind: 'refused', guard: 'blast-radius', retryAtMs: NOW + MINUTE_MS },
      reason: `It would take the last ready replica (${ready} ready, ${readyTaken} away at once).`,
    });
  });

  it('are not taken while one is left', () => {
    expect(taking({ wanted: 10, ready: 2, readyTaken: 1 })).toBeNull();
    expect(taking({ wanted: 10, ready: 3, readyTaken: 2 }, 20)).toBeNull();
  });

  it('may be none where none is taken, so that what is all down can be healed', () => {
    expect(taking({ wanted: 3, ready: 0, readyTaken: 0 })).toBeNull();
    expect(taking({ wanted: 0, ready: 0, readyTaken: 0 })).toBeNull();
  });

  it('are taken up to the share, rounded down (safety 8)', () => {
    expect(taking({ wanted: 9, ready: 9, readyTaken: 3 })).toBeNull();
    expect(taking({ wanted: 8, ready: 7, readyTaken: 3 })).toEqual({
      ...{ kind: 'refused', guard: 'blast-radius', retryAtMs: NOW + MINUTE_MS },
      reason: 'It would take 3 ready replicas at once, so that 4 of 8 are away; the limit of the cluster is 34 %.',
    });
    expect(taking({ wanted: 100, ready: 100, readyTaken: 29 }, 29)).toBeNull();
    expect(taking({ wanted: 100, ready: 100, readyTaken: 30 }, 29)).not.toBeNull();
  });

  it('counts more that are ready than are wanted as none away', () => {
    expect(taking({ wanted: 2, ready: 4, readyTaken: 2 })?.reason).toContain('so that 2 of 2 are away');
  });

  it('are one where the share is less than one, since a service of two must be healed too', () => {
    expect(taking({ wanted: 2, ready: 2, readyTaken: 1 }, 0)).toBeNull();
    expect(taking({ wanted: 3, ready: 3, readyTaken: 2 }, 0)).not.toBeNull();
  });

  it('are not taken where they would find no room (safety 15)', () => {
    const noRoom = 'A pod of 4 GiB finds no node with room.';
    expect(taking({ noRoom }, 100)).toMatchObject({ reason: noRoom, retryAtMs: NOW + MINUTE_MS });
  });

  it('are not taken under a share that is no number (safety 3)', () => {
    expect(taking({ wanted: 10, ready: 10 }, Number.NaN)).not.toBeNull();
  });

  it('are left to others to judge where they cannot be read', () => {
    const seen = surroundings({ replicas: unreadable, namespace: unreadable, nodes: unreadable });
    expect(blastRadius(asked({ request: { surroundings: seen, nodes: ['n1'] } }))).toBeNull();
  });

  it('never lose the last one or more than the share, whatever is asked under whichever layers (safety 8)', () => {
    const count = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(
        count,
        count,
        count,
        fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 3 }),
        (wanted, ready, readyTaken, shares) => {
          const limits = shares.flatMap((replicasPercent) => under({ replicasPercent }));
          const seen = surroundings({ replicas: replicas({ wanted, ready, readyTaken }) });
          const isGranted = blastRadius(asked({ request: { surroundings: seen, limits } })) === null;
          const isLast = readyTaken > 0 && ready - readyTaken < 1;
          const isTooMany = shares.some((percent) => readyTaken > 1 && readyTaken * 100 > wanted * percent);
          expect(isGranted).toBe(!isLast && !isTooMany);
        },
      ),
    );
  });
});
