import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changeText, inverse } from '../../incident/change.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { Room, Scaler, Scaling } from '../../incident/scaling.ts';
import { scale } from '../../remedies/scale.ts';
import { AT_MAXIMUM, around, fixedAt, scaler, scaling } from '../scaling.ts';

const limits = { scale: { factor: 1.5, ceiling: 10 }, gitOps: 'propose' as const };
const plan = (change: Partial<Scaler>, seen: Partial<Scaling> = {}, room: Partial<Room> = {}, within = limits) =>
  scale(around(scaling({ ...AT_MAXIMUM, scaler: scaler(change), ...seen }), room), within);
const toOf = (planned: ReturnType<typeof scale>) =>
  planned.kind === 'change' && planned.change.kind === 'replicas' ? planned.change.to : null;
const reason = (planned: ReturnType<typeof scale>) => (planned.kind === 'unusable' ? planned.reason : null);

describe('scale', () => {
  it('raises the bound of the very object that sets it, by the factor', () => {
    const planned = plan({ kind: 'ScaledObject', generation: 3 });
    expect(planned).toMatchObject({
      change: {
        kind: 'replicas',
        scaler: { kind: 'ScaledObject', name: 'ranker', uid: 'uid-hpa', generation: 3, bound: 'most' },
        from: 4,
        to: 6,
      },
      why: '1.5 times as many, at most 10.',
    });
    if (planned.kind !== 'change') throw new Error('No change was planned.');
    expect(changeText(planned.change)).toEqual({
      before: 'ScaledObject ranker with at most 4 pods',
      after: 'ScaledObject ranker with at most 6 pods',
    });
    expect(inverse(planned.change)).toMatchObject({ from: 6, to: 4 });
  });

  it('raises a fixed number of pods where nothing scales them', () => {
    expect(scale(around(scaling({ scaler: fixedAt(4), autoscaler: null })), limits)).toMatchObject({
      change: { scaler: { kind: 'Deployment', bound: 'fixed' }, from: 4, to: 6 },
    });
  });

  it('leaves how many pods a StatefulSet has to a person, with the patch', () => {
    const planned = scale(around(scaling({ scaler: fixedAt(4, { kind: 'StatefulSet' }), autoscaler: null })), limits);
    expect(reason(planned)).toBe(
      'How many pods StatefulSet ranker has may say how what they store is spread, and is a person\'s matter. To do it by hand: patch StatefulSet ranker with {"spec":{"replicas":6}}.',
    );
  });

  it('gives as many as a disruption budget wants there, if that is more', () => {
    expect(toOf(plan({}, { budgets: [{ name: 'ranker', minAvailable: 8, disruptionsAllowed: 0 }] }))).toBe(8);
  });

  it('gives no more than there is room for, and says what bounds it', () => {
    const room = { more: 1, limitedBy: 'Quota team has 9 of 10 pods in use, which leaves room for 1 more pods.' };
    expect(plan({}, {}, room)).toMatchObject({ change: { to: 5 }, why: room.limitedBy });
    expect(reason(plan({}, {}, { ...room, more: 0 }))).toBe(room.limitedBy);
  });

  it('never passes the ceiling nor the room, over any number of cycles (safety 7)', () => {
    const numbers = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(
        numbers,
        fc.double({ min: 1.01, max: 4, noNaN: true }),
        numbers,
        numbers,
        numbers,
        (start, factor, ceiling, places, minAvailable) => {
          let most = start;
          for (let cycles = 0; cycles < 40; cycles++) {
            const budgets = [{ name: 'b', minAvailable, disruptionsAllowed: 0 }];
            const to = toOf(plan({ most }, { budgets }, { more: Math.max(0, places - most) }, { ...limits, scale: { factor, ceiling } }));
            if (to === null) break;
            expect(to).toBeGreaterThan(most);
            expect(to).toBeLessThanOrEqual(Math.min(ceiling, places));
            most = to;
          }
        },
      ),
    );
  });

  it('stops at the ceiling, with the number', () => {
    expect(reason(plan({ most: 10 }))).toBe("HorizontalPodAutoscaler ranker is at 10 and the runbook's ceiling is 10.");
  });

  it.each<[string, Partial<Scaler>, string]>([
    ['a tool keeps it', { managedBy: { tool: 'Argo CD', name: 'shop' } }, 'is kept by Argo CD (shop), which would set it back.'],
    ['an operator made it', { ownedBy: 'RankerApp/main' }, 'was made by RankerApp/main, which would set it back.'],
    ['it is opted out', { optOut: 'load test' }, 'is opted out: load test.'],
    ['it is paused', { paused: 'held at 4' }, 'is paused: held at 4.'],
  ])('hands the exact patch over when %s', (_case, change, why) => {
    expect(reason(plan(change))).toBe(
      `HorizontalPodAutoscaler ranker ${why} To do it by hand: patch HorizontalPodAutoscaler ranker with {"spec":{"maxReplicas":6}}.`,
    );
  });

  it('changes what a tool keeps only where the runbook says so', () => {
    const managedBy = { tool: 'Flux' as const, name: 'apps' };
    expect(toOf(plan({ managedBy }, {}, {}, { ...limits, gitOps: 'change' as 'propose' }))).toBe(6);
  });

  it.each([
    ['InferenceService', 'most', '{"spec":{"predictor":{"maxReplicas":6}}}'],
    ['InferenceService', 'fixed', '{"spec":{"predictor":{"minReplicas":6}}}'],
    ['ScaledObject', 'most', '{"spec":{"maxReplicaCount":6}}'],
    ['Deployment', 'fixed', '{"spec":{"replicas":6}}'],
  ] as const)('knows where an %s with the bound "%s" has it', (kind, bound, patch) => {
    expect(reason(plan({ kind, bound, least: 4, ownedBy: 'App/main' }))).toContain(`patch ${kind} ranker with ${patch}.`);
  });

  it('plans nothing where no bound is named, no pod is there, or something cannot be read (safety 18)', () => {
    const unread = { kind: 'unreadable' as const, what: 'it', reason: 'no permission' };
    expect(reason(plan({ most: null }))).toMatch(/names no upper bound/);
    expect(reason(scale(QUIET_CONTEXT, limits))).toMatch(/no ready pods/);
    expect(reason(scale({ ...around(AT_MAXIMUM), scaling: unread }, limits))).toMatch(/cannot be read: no permission/);
    expect(reason(scale({ ...around(AT_MAXIMUM), room: unread }, limits))).toMatch(/cannot be read: no permission/);
  });
});
