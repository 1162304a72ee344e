import { describe, expect, it } from '@jest/globals';
import { openSingleUse } from '../../gateway/single-use.ts';

describe('what is taken once', () => {
  it('is not taken again until it would not be taken for other reasons, or came to nothing', () => {
    const singleUse = openSingleUse();
    expect([singleUse.take('a', 10, 0), singleUse.take('a', 10, 10), singleUse.take('a', 20, 11)]).toEqual([true, false, true]);
    singleUse.giveBack('a');
    expect(singleUse.take('a', 20, 12)).toBe(true);
  });

  it('is nothing where too many are remembered, and that is told from a replay (safety 29)', () => {
    const singleUse = openSingleUse();
    for (let number = 0; number < 10_000; number++) singleUse.take(String(number), 10, 0);
    expect([singleUse.take('one more', 10, 5), singleUse.isFull(5)]).toEqual([false, true]);
    expect([singleUse.isFull(11), singleUse.take('one more', 20, 11)]).toEqual([false, true]);
  });
});
