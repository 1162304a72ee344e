import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { faultsOf } from '../../drills/bounds.ts';
import { readPack } from '../../drills/read-pack.ts';
import { Drill } from '../../drills/schema.ts';
import { CAUSES } from '../../incident/cause.ts';
import { REMEDIES } from '../../incident/remedy.ts';

const pack = readPack(Drill, join(import.meta.dirname, '..', '..', 'drills', 'pack'));

it.each(pack.map((drill) => [drill.file, drill] as const))(
  'the shipped drill %s is within the bounds, and expects what there is',
  (_, drill) => {
    expect(faultsOf(drill)).toEqual([]);
    expect(Object.keys(CAUSES)).toContain(drill.expect.cause);
    expect([...REMEDIES, undefined]).toContain(drill.expect.remedy);
  },
);

it('a handful of the shipped drills is for any cluster, of which none tells people when all is right', () => {
  const any = pack.filter(({ nodes }) => nodes === 'both');
  expect(any.length).toBeGreaterThanOrEqual(6);
  expect(any.filter(({ expect: { end } }) => end === 'handedOver')).toEqual([]);
});
