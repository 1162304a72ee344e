import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { globsOverlap, matchesGlob } from '../../incident/glob.ts';

const pattern = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 7 }).map((parts) => parts.join(''));
const text = fc.array(fc.constantFrom('a', 'b'), { maxLength: 7 }).map((parts) => parts.join(''));
const allTexts = ['', 'a', 'b'].flatMap((one) => ['', 'a', 'b'].flatMap((two) => ['', 'a', 'b'].map((three) => one + two + three)));

describe('matchesGlob()', () => {
  it('matches the whole text alone, with * for anything or nothing', () => {
    expect(['Kube', 'KubePod', 'XKubePod', 'KubePodX'].map((name) => matchesGlob('Kube*Pod', name))).toEqual([false, true, false, false]);
    expect(['ab', 'aXb', 'aXbX', ''].map((name) => matchesGlob('a*b*', name))).toEqual([true, true, true, false]);
    expect(matchesGlob('aba*aba', 'aba')).toBe(false);
    expect(matchesGlob('a.c', 'abc')).toBe(false);
  });

  it('agrees with what the pattern says, character by character', () => {
    fc.assert(
      fc.property(pattern, text, (one, name) => {
        expect(matchesGlob(one, name)).toBe(new RegExp(`^${one.replaceAll('*', '.*')}$`).test(name));
      }),
    );
  });

  it('is not slowed down by a pattern that is made to be slow', () => {
    const began = Date.now();
    expect(matchesGlob('*a*a*a*a*a*a*a*a*b', 'a'.repeat(1_000_000))).toBe(false);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

describe('globsOverlap()', () => {
  it('says whether one text can be both', () => {
    expect(globsOverlap('Kube*', '*Pod')).toBe(true);
    expect(globsOverlap('Kube*', 'Airflow*')).toBe(false);
    expect(globsOverlap('*A', '*B')).toBe(false);
  });

  it('never denies a text that both match', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (one, other, name) => {
        if (matchesGlob(one, name) && matchesGlob(other, name)) expect(globsOverlap(one, other)).toBe(true);
        expect(globsOverlap(one, other)).toBe(globsOverlap(other, one));
      }),
    );
  });

  it('claims one only where there is one', () => {
    const short = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 2 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(short, short, (one, other) => {
        const both = allTexts.some((name) => matchesGlob(one, name) && matchesGlob(other, name));
        expect(globsOverlap(one, other)).toBe(both);
      }),
    );
  });
});
