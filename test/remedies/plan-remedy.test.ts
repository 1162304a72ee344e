import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { Evidence } from '../../incident/evidence.ts';
import { memoryMi } from '../../incident/memory.ts';
import type { Rung } from '../../incident/remedy.ts';
import type { Rollout } from '../../incident/rollout.ts';
import { WORKLOAD_KINDS } from '../../incident/target.ts';
import { planRemedy as planIn, type RemedyLimits } from '../../remedies/plan-remedy.ts';
import { evidence, failingModelServer, modelServer, OOM_KILLED, readyPod, registeredModel, release, sickPod } from '../evidence.ts';
import { remedyLimits } from '../remedy-limits.ts';

const limits = remedyLimits();
const AT_ONCE: Rollout = { byHand: false, waitsForFailing: false, kept: 0 };
const planRemedy = (remedy: Rung, seen: Evidence, within: RemedyLimits) => planIn(remedy, seen, within, QUIET_CONTEXT);

describe('planRemedy()', () => {
  it('restarts the failing pod, and none that is ready', () => {
    const seen = evidence({ pods: [readyPod('ranker-0'), sickPod({})] });
    expect(planRemedy('restart', seen, limits)).toMatchObject({ change: { kind: 'pod', name: 'ranker-1', uid: 'uid-ranker-1' } });
    const two = evidence({ pods: [readyPod('ranker-0'), sickPod({}), sickPod({ name: 'ranker-2' })] });
    expect(planRemedy('restart', two, limits)).toMatchObject({
      change: { kind: 'pod', name: 'ranker-1', others: [{ name: 'ranker-2', uid: 'uid-ranker-2' }] },
      why: 'ranker-1, ranker-2 are the failing pods.',
    });
    const served = modelServer({ workload: seen });
    expect(planRemedy('restart', served, limits)).toMatchObject({ change: { kind: 'pod', name: 'ranker-1' } });
    expect(planRemedy('restart', evidence({}), limits)).toEqual({ kind: 'unusable', reason: 'No failing pod was seen.' });
  });

  it('undoes a release to the one before it', () => {
    expect(planRemedy('undoRelease', evidence({}), limits)).toMatchObject({
      change: { kind: 'podTemplate', from: release(2), to: release(1) },
    });
  });

  it.each([
    ['the Deployment is paused', { paused: true }],
    ['history holds no other', { releases: [release(2)] }],
  ])('does not undo a release while %s', (_case, change) => {
    expect(planRemedy('undoRelease', evidence(change), limits).kind).toBe('unusable');
  });

  it.each<[string, Partial<Rollout>, boolean]>([
    ['rolls out over pods that fail', {}, false],
    ['waits for each pod', { waitsForFailing: true }, true],
    ['is rolled out by hand', { byHand: true }, true],
  ])(
    'has failing pods made anew with a release that is undone, or with more memory, only where the target %s',
    (_case, change, evictsFailing) => {
      const seen = evidence({ kind: 'StatefulSet', rollout: { ...AT_ONCE, ...change }, pods: [sickPod({ exit: OOM_KILLED })] });
      expect(planRemedy('undoRelease', seen, limits)).toMatchObject({ change: { kind: 'podTemplate', evictsFailing } });
      expect(planRemedy('raiseMemory', seen, limits)).toMatchObject({ change: { kind: 'memory', evictsFailing } });
    },
  );

  it.each(WORKLOAD_KINDS)('restarts, undoes and gives memory to a %s', (kind) => {
    const failing = evidence({ kind, pods: [sickPod({})] });
    for (const remedy of ['restart', 'undoRelease'] as const) expect(planRemedy(remedy, failing, limits).kind).toBe('change');
    const killed = evidence({ kind, pods: [sickPod({ exit: OOM_KILLED })] });
    expect(planRemedy('raiseMemory', killed, limits).kind).toBe('change');
  });

  it('brings no pod to a release that is rolled out by hand and has not reached it', () => {
    const ofEarlier = (change: Parameters<typeof sickPod>[0]) => [readyPod('ranker-0', 1), sickPod({ revision: 1, ...change })];
    const seen = evidence({ kind: 'StatefulSet', rollout: { ...AT_ONCE, byHand: true } });
    const reason = 'ranker-1 would come back with revision 2, which is rolled out by hand (OnDelete) and has not reached it.';
    expect(planRemedy('restart', { ...seen, pods: ofEarlier({}) }, limits)).toEqual({ kind: 'unusable', reason });
    expect(planRemedy('raiseMemory', { ...seen, pods: ofEarlier({ exit: OOM_KILLED }) }, limits)).toEqual({ kind: 'unusable', reason });
    const atNewest = evidence({ ...seen, pods: [readyPod('ranker-0', 1), sickPod({})] });
    expect(planRemedy('restart', atNewest, limits)).toMatchObject({ change: { name: 'ranker-1' } });
  });

  it('gives no memory to pods that a partition keeps from the template', () => {
    const seen = evidence({ kind: 'StatefulSet', rollout: { ...AT_ONCE, kept: 2 }, pods: [sickPod({ exit: OOM_KILLED })] });
    expect(planRemedy('raiseMemory', seen, limits)).toEqual({
      kind: 'unusable',
      reason: 'A partition keeps 2 of its pods from what its template asks for.',
    });
  });

  it('raises a limit by the factor, and an equal request with it', () => {
    const pods = [sickPod({ exit: OOM_KILLED })];
    const burstable = evidence({ pods });
    const guaranteed = evidence({ pods, memory: { main: { limit: '128Mi', request: '128Mi' } } });
    expect(planRemedy('raiseMemory', burstable, limits)).toMatchObject({ change: { to: { limit: '256Mi', request: null } } });
    expect(planRemedy('raiseMemory', guaranteed, limits)).toMatchObject({ change: { to: { limit: '256Mi', request: '256Mi' } } });
  });

  it('never raises memory past the ceiling, neither limit nor request, whatever the units, over any number of cycles (safety 7)', () => {
    const quantity = fc
      .tuple(fc.integer({ min: 1, max: 2048 }), fc.constantFrom('Ki', 'M', 'Mi', 'G', 'Gi', ''))
      .map(([number, unit]) => `${number}${unit}`);
    const factors = fc.double({ min: 1.01, max: 4, noNaN: true });
    fc.assert(
      fc.property(quantity, fc.boolean(), factors, fc.integer({ min: 1, max: 4096 }), (start, guaranteed, factor, ceilingMi) => {
        let asked = { limit: start, request: guaranteed ? start : null };
        for (let cycles = 0; cycles < 40; cycles++) {
          const seen = evidence({ pods: [sickPod({ exit: OOM_KILLED })], memory: { main: asked } });
          const planned = planRemedy('raiseMemory', seen, { ...limits, memory: { factor, ceilingMi } });
          if (planned.kind === 'unusable' || planned.change.kind !== 'memory') break;
          const { limit, request } = planned.change.to;
          expect(memoryMi(limit)).toBeLessThanOrEqual(ceilingMi);
          expect(memoryMi(request) ?? 0).toBeLessThanOrEqual(ceilingMi);
          asked = { limit: limit ?? '', request };
        }
      }),
    );
  });

  it('rolls a model back to its last known good version', () => {
    expect(planRemedy('rollBackModel', failingModelServer(), limits)).toMatchObject({
      change: { kind: 'modelVersion', model: 'churn', from: { version: '2' }, to: { version: '1' } },
    });
  });

  it.each([
    ['no single address is served', { served: { wanted: null } }],
    ['the registry cannot be read', { served: { registry: { kind: 'unreadable' as const, reason: 'away' } } }],
    [
      'no version is known good',
      { served: { registry: { kind: 'read' as const, model: registeredModel({ aliases: { 'last-known-good': '2' } }) } } },
    ],
  ])('does not roll a model back when %s', (_case, change) => {
    expect(planRemedy('rollBackModel', failingModelServer(change), limits).kind).toBe('unusable');
  });

  it('applies no remedy to a kind of target it is not for', () => {
    expect(planRemedy('rollBackModel', evidence({}), limits).kind).toBe('unusable');
    for (const remedy of ['restart', 'undoRelease', 'raiseMemory'] as const)
      expect(planRemedy(remedy, modelServer({}), limits).kind).toBe('unusable');
  });
});
