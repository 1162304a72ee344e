import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Change, changeText, inverse } from '../../incident/change.ts';
import { release } from '../evidence.ts';

const memory = fc.record({ limit: fc.string(), request: fc.option(fc.string()) });
const served = fc.record({ version: fc.option(fc.string()), address: fc.string() });
const use = fc.constantFrom('open' as const, 'cordoned' as const);
const releases = fc.nat().map((revision) => release(revision));
const runs = fc.option(fc.record({ name: fc.string(), memory: fc.dictionary(fc.string(), memory) }));
const schedules = fc.constantFrom('active' as const, 'suspended' as const);
const freeze = fc.option(fc.string());
const reversible: fc.Arbitrary<Exclude<Change, { kind: 'pod' | 'training' | 'sameRun' }>> = fc.oneof(
  fc.record({ kind: fc.constant('podTemplate' as const), from: releases, to: releases }),
  fc.record({ kind: fc.constant('memory' as const), container: fc.string(), from: memory, to: memory }),
  fc.record({ kind: fc.constant('node' as const), node: fc.string(), from: use, to: use, pods: fc.constant([]) }),
  fc.record({ kind: fc.constant('modelVersion' as const), model: fc.string(), registry: fc.option(fc.string()), from: served, to: served }),
  fc.record({ kind: fc.constant('furtherRun' as const), from: runs, to: runs }),
  fc.record({ kind: fc.constant('schedule' as const), from: schedules, to: schedules }),
  fc.record({ kind: fc.constant('promotions' as const), model: fc.string(), registry: fc.option(fc.string()), from: freeze, to: freeze }),
);

describe('inverse()', () => {
  it('starts from exactly what the change made, and ends at exactly what was (safety 17)', () => {
    fc.assert(
      fc.property(reversible, (change) => {
        const back = inverse(change);
        expect(back).toEqual({ ...change, from: change.to, to: change.from });
        expect(changeText(back!)).toEqual({ before: changeText(change).after, after: changeText(change).before });
      }),
    );
  });

  it('does not pretend that a pod which was evicted comes back (safety 17)', () => {
    expect(inverse({ kind: 'pod', name: 'ranker-1', uid: 'u1' })).toBeNull();
  });

  it('does not pretend that a run which went on can be made not to have (safety 17)', () => {
    expect(inverse({ kind: 'sameRun', run: { name: 'scheduled-1', tries: 1 } })).toBeNull();
  });

  it('does not pretend that a training which began can be taken back (safety 17)', () => {
    expect(inverse({ kind: 'training', cronJob: 'train', uid: 'u1' })).toBeNull();
  });
});
