import { describe, expect, it } from '@jest/globals';
import { MODES, mostCautious } from '../../incident/mode.ts';

describe('mostCautious()', () => {
  it.each(MODES.flatMap((one, i) => MODES.map((other, j) => [one, other, MODES[Math.min(i, j)]!] as const)))(
    'of %s and %s is %s',
    (one, other, cautious) => {
      expect(mostCautious(one, other)).toBe(cautious);
    },
  );
});
