import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Act } from '../../../guards/ledger/ledger.ts';
import type { Limits } from '../../../guards/limits.ts';
import { blastRadius } from '../../../guards/reach/blast-radius.ts';
import { act, asked, MINUTE_MS, NOW, namespace, read, surroundings } from '../asked.ts';

const under = (blast: Limits['blast']) => [{ from: 'the cluster', limits: { blast } }];

/** Acts on `count` other workloads of a namespace, a minute apart, the latest a minute ago. */
const others = (count: number, change: Partial<Act> = {}) =>
  Array.from({ length: count }, (_, index) =>
    act({ target: `ml/Deployment/d${index}`, actedMs: NOW - (count - index) * MINUTE_MS, ...change }),
  );

describe("a namespace's workloads", () => {
  const limits = under({ namespaceWorkloads: { percent: 10, atLeast: 1, withinSeconds: 600 } });
  const touching = (acts: readonly Act[], workloads = 30) =>
    blastRadius(asked({ request: { surroundings: surroundings({ namespace: namespace({ workloads }) }), limits }, ledger: { acts } }));

  it('are acted on up to a share within a window, and it says when the next may be (safety 8)', () => {
    expect(touching(others(2))).toBeNull();
    expect(touching(others(3))).toEqual({
      ...{ kind: 'refused', guard: 'blast-radius', retryAtMs: NOW + 7 * MINUTE_MS },
      reason: '1 more of 30 workloads of namespace ml would be acted on after 3 within 10 minutes; 3 in all are the limit of the cluster.',
    });
  });

  it('are rounded down, and never fewer than the limit says at least', () => {
    expect(touching(others(2), 29)).not.toBeNull();
    expect(touching(others(0), 0)).toBeNull();
    expect(touching(others(1), 0)).not.toBeNull();
  });

  it('leave the window the moment they are its whole length old', () => {
    expect(touching(others(3, { actedMs: NOW - 600_000 }))).toBeNull();
    expect(touching(others(3, { actedMs: NOW - 599_999 }))?.retryAtMs).toBe(NOW + 1);
  });

  it('count once each, by their latest act, which is when the next may be asked for', () => {
    const twice = [...others(3), act({ target: 'ml/Deployment/d0', actedMs: NOW - 30_000 })];
    expect(touching(twice)?.retryAtMs).toBe(NOW - 2 * MINUTE_MS + 600_000);
    expect(touching([...others(2), ...others(2)])).toBeNull();
    // Acts stand by the time they were granted, and may be done in another order.
    expect(touching([...others(3), act({ target: 'ml/Deployment/d2', actedMs: NOW - 9 * MINUTE_MS })])?.retryAtMs).toBe(
      NOW + 7 * MINUTE_MS,
    );
  });

  it('count for now while a permit is out', () => {
    expect(touching(others(3, { actedMs: null, outcome: null, endedMs: null }))?.retryAtMs).toBe(NOW + MINUTE_MS);
    const short = under({ namespaceWorkloads: { percent: 10, atLeast: 1, withinSeconds: 5 } });
    const out = others(3, { actedMs: null, outcome: null, endedMs: null });
    expect(blastRadius(asked({ request: { limits: short }, ledger: { acts: out } }))?.retryAtMs).toBe(NOW + 5_000);
  });

  it('do not count the target itself, another namespace, or a permit that was not used', () => {
    const own = act({ target: 'ml/Deployment/ranker', actedMs: NOW - MINUTE_MS });
    expect(touching([...others(2), own, own])).toBeNull();
    expect(touching(others(9, { namespace: 'web' }))).toBeNull();
    expect(touching(others(9, { outcome: 'unused' }))).toBeNull();
  });

  it.each([0, -1, Number.NaN])('are not acted on under a window of %s seconds (safety 3)', (withinSeconds) => {
    const none = under({ namespaceWorkloads: { percent: 100, atLeast: 100, withinSeconds } });
    expect(blastRadius(asked({ request: { limits: none } }))).toEqual({
      ...{ kind: 'refused', guard: 'blast-radius', retryAtMs: null },
      reason: `The limit on workloads of namespace ml cannot be read (${withinSeconds}), so nothing is done under it.`,
    });
  });

  it('are not acted on under a share that is no number (safety 3)', () => {
    const none = under({ namespaceWorkloads: { percent: Number.NaN, atLeast: 1, withinSeconds: 600 } });
    expect(blastRadius(asked({ request: { limits: none } }))).not.toBeNull();
  });
});

describe('nodes', () => {
  const limits = under({ nodes: { percent: 10, atLeast: 1, withinSeconds: 3_600 } });
  const taking = (nodes: readonly string[], acts: readonly Act[] = []) =>
    blastRadius(asked({ request: { nodes, limits }, ledger: { acts } }));
  const taken = (...nodes: string[]) => act({ namespace: 'web', nodes, actedMs: NOW - 10 * MINUTE_MS });

  it('are taken up to a share of the cluster within a window (safety 8, 9)', () => {
    expect(taking(['n1', 'n2'])).toBeNull();
    expect(taking(['n1'], [taken('n2')])).toBeNull();
    expect(taking(['n1'], [taken('n2', 'n3')])).toEqual({
      ...{ kind: 'refused', guard: 'blast-radius', retryAtMs: NOW + 50 * MINUTE_MS },
      reason: '1 more of 20 nodes of the cluster would be acted on after 2 within 1 hour; 2 in all are the limit of the cluster.',
    });
  });

  it('are never more at once than the share, and no waiting helps (safety 8)', () => {
    expect(taking(['n1', 'n2', 'n3'])).toMatchObject({ guard: 'blast-radius', retryAtMs: null });
  });

  it('count once where the same is taken again', () => {
    expect(taking(['n1', 'n2'], [taken('n1', 'n2')])).toBeNull();
  });

  it('count for now while a permit is out', () => {
    const out = act({ nodes: ['n2', 'n3'], outcome: null, actedMs: null, endedMs: null, grantedMs: NOW - 7_200_000 });
    expect(taking(['n1'], [out])?.retryAtMs).toBe(NOW + MINUTE_MS);
  });

  it('are never more than the share in any window, in any order and at any distance (safety 9)', () => {
    const step = fc.record({
      pauseMs: fc.integer({ min: 0, max: 2_000_000 }),
      nodes: fc.subarray(['n1', 'n2', 'n3', 'n4', 'n5'], { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.integer({ min: 5, max: 40 }), (steps, total) => {
        let nowMs = NOW;
        const acts: Act[] = [];
        for (const { pauseMs, nodes } of steps) {
          nowMs += pauseMs;
          const seen = surroundings({ nodes: read({ total, ready: total, openAfter: total }) });
          if (blastRadius(asked({ request: { nodes, limits, surroundings: seen }, ledger: { acts }, nowMs }))) continue;
          acts.push(act({ nodes, actedMs: nowMs }));
        }
        for (const { actedMs } of acts) {
          const inWindow = acts.filter((one) => one.actedMs! >= actedMs! && one.actedMs! < actedMs! + 3_600_000);
          const away = new Set(inWindow.flatMap((one) => one.nodes)).size;
          expect(away).toBeLessThanOrEqual(Math.max(1, Math.floor(total / 10)));
        }
      }),
    );
  });

  it('are never taken to the last ready one that takes pods, nor where their number cannot be told (safety 8)', () => {
    const leaving = (openAfter: number, nodes = ['n1']) => {
      const seen = surroundings({ nodes: read({ total: 20, ready: 20, openAfter }) });
      return blastRadius(asked({ request: { nodes, limits, surroundings: seen } }));
    };
    expect(leaving(0)).toEqual({
      ...{ kind: 'refused', guard: 'blast-radius', retryAtMs: NOW + MINUTE_MS },
      reason: 'It would cordon the last ready node that takes pods.',
    });
    expect(leaving(Number.NaN)).not.toBeNull();
    expect(leaving(1)).toBeNull();
    expect(leaving(0, [])).toBeNull();
  });

  it('where none is taken are not asked about (safety 10)', () => {
    expect(taking([], [taken('n1', 'n2', 'n3', 'n4')])).toBeNull();
  });
});

describe("a model's versions", () => {
  const rollback = { subject: 'model churn', from: 'version 3', to: 'version 2', toIsQuarantined: false };
  const limits = under({ modelVersions: { max: 2, perSeconds: 86_400 } });
  const back = (change: Partial<Act> = {}) => act({ rollback, ...change });
  const taking = (acts: readonly Act[], max = 2) =>
    blastRadius(
      asked({
        request: { rollback, limits: max === 2 ? limits : under({ modelVersions: { max, perSeconds: 86_400 } }) },
        ledger: { acts },
      }),
    );

  it('are taken back so often within a window, and it says when the next may be (safety 8)', () => {
    expect(taking([back()])).toBeNull();
    expect(taking([back(), back()])).toEqual({
      ...{ kind: 'refused', guard: 'blast-radius', retryAtMs: NOW - 11 * MINUTE_MS + 86_400_000 },
      reason: 'model churn was taken back 2 times within 1 day: the limit of the cluster is reached.',
    });
    expect(taking([back()], 1)?.reason).toContain('was taken back once within 1 day');
  });

  it('count those that are on the way, and no other model', () => {
    expect(taking([back(), back({ outcome: null, actedMs: null, endedMs: null })])?.retryAtMs).toBe(NOW - 11 * MINUTE_MS + 86_400_000);
    expect(taking([back(), back({ rollback: { ...rollback, subject: 'model other' } }), act()])).toBeNull();
  });

  it('are not counted where nothing is taken back', () => {
    expect(blastRadius(asked({ request: { limits }, ledger: { acts: [back(), back()] } }))).toBeNull();
  });
});
