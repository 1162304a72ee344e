import { describe, expect, it } from '@jest/globals';
import { optOut } from '../../../guards/people/opt-out.ts';
import { asked, NOW, namespace, object, surroundings } from '../asked.ts';

const whenSaid = (onTarget: string | null, onNamespace: string | null) =>
  optOut(
    asked({
      request: { surroundings: surroundings({ object: object({ optOut: onTarget }), namespace: namespace({ optOut: onNamespace }) }) },
    }),
  );

describe('opt-out', () => {
  it('lets act where nobody says otherwise', () => {
    expect(whenSaid(null, null)).toBeNull();
  });

  it('leaves alone what its owner wants left alone, says why, and looks again (safety 26)', () => {
    expect(whenSaid('until the audit is over', null)).toEqual({
      ...{ kind: 'refused', guard: 'opt-out', retryAtMs: NOW + 60_000 },
      reason: 'The target is annotated to be left alone ("until the audit is over").',
    });
  });

  it.each([
    ['', null, 'The target is annotated to be left alone.'],
    ['true', null, 'The target is annotated to be left alone.'],
    [null, '', 'Its namespace is annotated to be left alone.'],
    [null, 'audit', 'Its namespace is annotated to be left alone ("audit").'],
    ['mine', 'ours', 'The target is annotated to be left alone ("mine").'],
  ])('says for %j on the target and %j on the namespace: %s (safety 26)', (onTarget, onNamespace, reason) => {
    expect(whenSaid(onTarget, onNamespace)?.reason).toBe(reason);
  });
});
