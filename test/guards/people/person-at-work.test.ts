import { describe, expect, it } from '@jest/globals';
import { personAtWork } from '../../../guards/people/person-at-work.ts';
import type { Surroundings } from '../../../incident/surroundings.ts';
import { asked, NOW, namespace, object, replicas, surroundings } from '../asked.ts';

const when = (change: Partial<Surroundings>) => personAtWork(asked({ request: { surroundings: surroundings(change) } }));

describe('person-at-work', () => {
  it('lets act where nobody is at it', () => {
    expect(when({})).toBeNull();
  });

  it.each([
    ['a paused rollout', { object: object({ heldByPerson: 'its rollout is paused' }) }, 'its rollout is paused'],
    ['a cordoned node', { replicas: replicas({ personAtWork: 'node n1 is cordoned' }) }, 'node n1 is cordoned'],
  ])('waits for the person behind %s, and looks again (safety 26, 27)', (_what, change, how) => {
    expect(when(change)).toEqual({
      ...{ kind: 'refused', guard: 'person-at-work', retryAtMs: NOW + 60_000 },
      reason: `A person is at it: ${how}.`,
    });
  });

  it('does nothing in a namespace on its way out, and does not come back (safety 27)', () => {
    expect(when({ namespace: namespace({ isTerminating: true }) })).toEqual({
      ...{ kind: 'refused', guard: 'person-at-work', retryAtMs: null },
      reason: 'Its namespace is being deleted.',
    });
  });
});
