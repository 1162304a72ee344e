import { describe, expect, it } from '@jest/globals';
import { thousandths } from '../../../clients/kubernetes/surroundings/quantity.ts';

describe('a Kubernetes quantity', () => {
  it.each([
    ['1', 1_000],
    ['0.1', 100],
    ['100m', 100],
    ['2.007', 2_007],
    ['.5', 500],
    ['2k', 2_000_000],
    ['1Ki', 1_024_000],
    ['256Gi', 256 * 2 ** 30 * 1000],
    ['1e3', 1_000_000],
    ['12E2', 1_200_000],
    ['1E', 1e21],
    ['500u', 1],
  ])('%s is %d thousandths', (quantity, amount) => {
    expect(thousandths(quantity)).toBe(amount);
  });

  it.each(['', 'much', '1 Gi', '1Xi', '1ee3'])('is not %j', (text) => {
    expect(() => thousandths(text)).toThrow('is no Kubernetes quantity');
  });
});
