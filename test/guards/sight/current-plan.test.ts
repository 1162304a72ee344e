import { describe, expect, it } from '@jest/globals';
import { currentPlan } from '../../../guards/sight/current-plan.ts';
import { asked, NOW, surroundings } from '../asked.ts';

describe('current-plan', () => {
  it('lets carry out what was planned for the target as it is', () => {
    expect(currentPlan(asked())).toBeNull();
  });

  it.each([6, 8])('refuses a plan made for generation %s of a target at 7, which is looked at again at once (safety 13)', (generation) => {
    expect(currentPlan(asked({ request: { plan: { uid: 'uid-1', generation } } }))).toEqual({
      ...{ kind: 'refused', guard: 'current-plan', retryAtMs: NOW },
      reason: `The target is at generation 7, but the plan was made for ${generation}; it is looked at again.`,
    });
  });

  it('leaves it to others that the target cannot be read', () => {
    const object = { kind: 'unreadable', what: 'the target', reason: 'it timed out' } as const;
    expect(currentPlan(asked({ request: { surroundings: surroundings({ object }) } }))).toBeNull();
  });

  it('refuses a plan made for another object of the same name (safety 13)', () => {
    const refusal = currentPlan(asked({ request: { plan: { uid: 'uid-0', generation: 7 } } }));
    expect(refusal?.reason).toBe('The target was deleted and made anew; it is looked at again.');
  });
});
