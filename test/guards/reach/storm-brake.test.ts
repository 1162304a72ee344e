import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Storm } from '../../../guards/ledger/ledger.ts';
import { stormBrake } from '../../../guards/reach/storm-brake.ts';
import type { Suspect } from '../../../incident/suspect.ts';
import { asked, NOW } from '../asked.ts';

const node: Suspect = { kind: 'node', name: 'n1' };
const image: Suspect = { kind: 'image', name: 'n1' };
const storm = (suspect: Suspect, targets: readonly string[] = [], targetCount = 5): Storm => ({
  ...{ suspect, targets, targetCount, sinceMs: NOW, lastJoinedMs: NOW },
  limit: { targets: 5, withinSeconds: 300 },
});
const when = (storms: readonly Storm[], ...suspects: Suspect[]) => stormBrake(asked({ request: { suspects }, ledger: { storms } }));

describe('storm-brake', () => {
  it('lets act while there is no storm', () => {
    expect(when([], node)).toBeNull();
  });

  it('stops a target that shares what the storm shares, says what that is, and looks again (safety 23)', () => {
    expect(when([storm(node)], image, node)).toEqual({
      ...{ kind: 'refused', guard: 'storm-brake', retryAtMs: NOW + 60_000 },
      reason: '5 targets fail that share node n1; that is looked into first, and none of them is changed meanwhile.',
    });
  });

  it('stops a target that is one of them, whatever it shares now (safety 23)', () => {
    expect(when([storm(node, ['ml/Deployment/a', 'ml/Deployment/ranker'])])).not.toBeNull();
  });

  it('stops everything when the whole cluster is in trouble (safety 23)', () => {
    expect(when([storm({ kind: 'cluster', name: 'prod' }, [], 10)])?.reason).toMatch(/^10 targets fail that share cluster prod;/);
  });

  it('leaves alone what has nothing to do with it', () => {
    expect(when([storm(node, ['ml/Deployment/a'])], image)).toBeNull();
    expect(when([storm(node, ['ml/Deployment/a'])], { kind: 'node', name: 'n2' })).toBeNull();
  });

  it('takes a storm that names no target for one of no target (safety 10)', () => {
    expect(when([storm(node, [])])).toBeNull();
  });

  it('stops exactly what a storm names or shares something with, of any storms (safety 23)', () => {
    const kinds = ['node', 'zone', 'image', 'modelVersion', 'dependency', 'registry'] as const;
    const suspect = fc.record({ kind: fc.constantFrom(...kinds), name: fc.constantFrom('a', 'b') });
    const named = fc.subarray(['ml/Deployment/ranker', 'ml/Deployment/a', 'ml/Deployment/b']);
    const storms = fc.array(fc.tuple(suspect, named), { maxLength: 4 });
    fc.assert(
      fc.property(storms, fc.array(suspect, { maxLength: 4 }), (all, suspects) => {
        const isStopped = when(
          all.map(([shared, targets]) => storm(shared, targets)),
          ...suspects,
        );
        const concerns = all.some(
          ([{ kind, name }, targets]) =>
            targets[0] === 'ml/Deployment/ranker' || suspects.some((one) => one.kind === kind && one.name === name),
        );
        expect(isStopped !== null).toBe(concerns);
      }),
    );
  });

  it('finds the storm that matters among others', () => {
    expect(when([storm(image), storm(node)], node)?.reason).toContain('node n1');
  });
});
