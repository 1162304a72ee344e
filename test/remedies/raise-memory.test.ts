import { describe, expect, it } from '@jest/globals';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { MemoryBounds } from '../../incident/memory-bounds.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { contextOf } from '../diagnosis/seen.ts';
import { evidence, OOM_KILLED, sickPod } from '../evidence.ts';
import { remedyLimits } from '../remedy-limits.ts';

const limits = remedyLimits();
const UNBOUND: MemoryBounds = { container: null, pod: null, quotas: [], autoscaler: null };
const memory = { main: { limit: '128Mi', request: '128Mi' }, proxy: { limit: '64Mi', request: null } };

const planned = (bounds: Partial<MemoryBounds>, replicasWanted = 3) =>
  planRemedy(
    'raiseMemory',
    evidence({ memory, replicasWanted, pods: [sickPod({ exit: OOM_KILLED })] }),
    limits,
    contextOf({ memoryBounds: { ...UNBOUND, ...bounds } }),
  );
const limitOf = (bounds: Partial<MemoryBounds>) => {
  const plan = planned(bounds);
  return plan.kind === 'change' && plan.change.kind === 'memory' ? plan.change.to.limit : plan;
};

describe('more memory', () => {
  it('is no more than a LimitRange lets a container have', () => {
    expect(limitOf({})).toBe('256Mi');
    expect(limitOf({ container: { name: 'small', maxMi: 200 } })).toBe('200Mi');
    expect(planned({ container: { name: 'small', maxMi: 128 } })).toEqual({
      kind: 'unusable',
      reason: 'main is at 128Mi and the LimitRange small allows a container 128Mi.',
    });
  });

  it('is none that a LimitRange does not let a pod have', () => {
    expect(limitOf({ pod: { name: 'small', maxMi: 320 } })).toBe('256Mi');
    expect(planned({ pod: { name: 'small', maxMi: 319 } })).toMatchObject({
      reason: 'Its pods would have 320Mi, and the LimitRange small allows a pod 319Mi.',
    });
  });

  it('is none that a quota has not left, for all pods and for the first new one beside the old', () => {
    // Three pods need 128Mi more each.
    expect(limitOf({ quotas: [{ name: 'all', of: 'limits', leftMi: 384 }] })).toBe('256Mi');
    expect(planned({ quotas: [{ name: 'all', of: 'limits', leftMi: 383 }] })).toMatchObject({
      reason: 'The quota all has 383Mi of memory left for limits, and its pods would need 384Mi more.',
    });
    // A single pod is made anew, with all it asks for, before the old one goes.
    expect(planned({ quotas: [{ name: 'all', of: 'limits', leftMi: 319 }] }, 1).kind).toBe('unusable');
    expect(planned({ quotas: [{ name: 'all', of: 'requests', leftMi: 255 }] }, 1).kind).toBe('unusable');
    expect(planned({ quotas: [{ name: 'all', of: 'requests', leftMi: 256 }] }, 1).kind).toBe('change');
  });

  it('is asked of the autoscaler that sets it, with the patch that gives it', () => {
    const policies = [
      { containerName: 'proxy', mode: 'Off' },
      { containerName: 'main', minAllowed: { cpu: '1' }, maxAllowed: { memory: '2Gi' } },
    ];
    const plan = planned({ autoscaler: { name: 'ranker', mode: 'Auto', policies } });
    expect(plan).toEqual({
      kind: 'unusable',
      reason:
        'The VerticalPodAutoscaler ranker (Auto) sets its memory, so that is what should be changed: kubectl patch verticalpodautoscaler ranker --type merge -p \'{"spec":{"resourcePolicy":{"containerPolicies":[{"containerName":"proxy","mode":"Off"},{"containerName":"main","minAllowed":{"cpu":"1","memory":"256Mi"},"maxAllowed":{"memory":"2Gi"}}]}}}\'. It gives main at most 2Gi (maxAllowed).',
    });
  });

  it('is none where the bounds cannot be read', () => {
    const memoryBounds = { kind: 'unreadable', what: 'what bounds its memory', reason: 'forbidden' } as const;
    const seen = evidence({ memory, pods: [sickPod({ exit: OOM_KILLED })] });
    expect(planRemedy('raiseMemory', seen, limits, { ...QUIET_CONTEXT, memoryBounds })).toEqual({
      kind: 'unusable',
      reason: 'what bounds its memory cannot be read: forbidden',
    });
  });
});
