import { expect, it } from '@jest/globals';
import { waitMs } from '../../workflows/drill-pace.ts';

const HOUR_MS = 3_600_000;

it('a drill waits once as many as may be were healed within an hour, until the first of them is an hour ago', () => {
  expect(waitMs([], 2, 0)).toBe(0);
  expect(waitMs([1_000], 2, 2_000)).toBe(0);
  expect(waitMs([1_000, 2_000], 2, 3_000)).toBe(HOUR_MS - 2_000);
  expect(waitMs([1_000, 2_000, 2_500], 2, 3_000)).toBe(HOUR_MS - 1_000);
  expect(waitMs([1_000, 2_000], 2, HOUR_MS + 1_000)).toBe(0);
});
