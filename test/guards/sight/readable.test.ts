import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../../guards/decide.ts';
import { readable } from '../../../guards/sight/readable.ts';
import type { Surroundings } from '../../../incident/surroundings.ts';
import { asked, NOW, surroundings } from '../asked.ts';

const READINGS = ['apiServerMs', 'object', 'namespace', 'nodes', 'replicas', 'metrics', 'registry'] as const;

/** Surroundings of which these cannot be read. */
function dark(unreadable: readonly (keyof Surroundings)[]): Surroundings {
  return surroundings(Object.fromEntries(unreadable.map((what) => [what, { kind: 'unreadable', what, reason: 'it timed out' }])));
}

describe('sight', () => {
  it('lets act where everything was read, or is not there to be read', () => {
    expect(readable(asked())).toBeNull();
    expect(readable(asked({ request: { surroundings: surroundings({ metrics: null, registry: null }) } }))).toBeNull();
  });

  it.each(READINGS)('refuses while %s cannot be read, says why, and looks again (safety 18, 22)', (what) => {
    expect(readable(asked({ request: { surroundings: dark([what]) } }))).toEqual({
      ...{ kind: 'refused', guard: 'sight', retryAtMs: NOW + 15_000 },
      reason: `Nothing is changed blindly: ${what} cannot be read (it timed out).`,
    });
  });

  it('refuses whatever cannot be read, and whatever is read meanwhile (safety 18, 22)', () => {
    const some = fc.subarray([...READINGS], { minLength: 1 });
    fc.assert(
      fc.property(some, fc.subarray(['metrics', 'registry'] as const), (unreadable, absent) => {
        const seen = { ...surroundings(Object.fromEntries(absent.map((what) => [what, null]))), ...pick(dark(unreadable), unreadable) };
        const permit = decide(asked({ request: { surroundings: seen } }), 'cluster');
        expect(permit).toMatchObject({ kind: 'refused', guard: 'sight' });
      }),
    );
  });
});

function pick(from: Surroundings, keys: readonly (keyof Surroundings)[]): Partial<Surroundings> {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}
