import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cut, plainText } from '../../incident/plain-text.ts';

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'https://',
        'x://y',
        'www.',
        'WWW.',
        'mailto:',
        '\u202e',
        '\u200b',
        ':\u200b//',
        'w\u200dww.',
        '\n',
        '\r',
        '\u2028',
        '/',
        ':',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((all) => all.join(''));

describe('plainText()', () => {
  it('leaves one line that no program makes a link of, whatever it is given (safety 33)', () => {
    fc.assert(fc.property(hostile, (text) => expect(plainText(text)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]|:\/\/|\bwww\.|\bmailto:/iu)));
  });

  it('leaves what is harmless as it is', () => {
    const text = "kubectl -n ml get deployment/ranker -o jsonpath='{.spec}' → 2 of 3 pods: image:1.2 – <none> & so on, größer 🚑";
    expect(plainText(text)).toBe(text);
  });
});

describe('cut()', () => {
  it('cuts between characters, and says that it did', () => {
    expect(cut('🚑🚑🚑', 3)).toBe('🚑🚑🚑');
    expect(cut('🚑🚑🚑🚑', 3)).toBe('🚑🚑…');
  });
});
