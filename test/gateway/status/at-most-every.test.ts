import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { atMostEvery } from '../../../gateway/status/at-most-every.ts';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('what is read at most once in a while', () => {
  it('is read once for all who ask during the reading and after it, and anew when the while is over', async () => {
    let readings = 0;
    let end: (() => void) | undefined;
    const read = atMostEvery(1_000, () => {
      readings++;
      return new Promise<number>((resolve) => {
        end = () => resolve(readings);
      });
    });
    const asking = [read(), read()];
    jest.advanceTimersByTime(5_000);
    asking.push(read());
    end?.();
    expect(await Promise.all(asking)).toEqual([1, 1, 1]);
    jest.advanceTimersByTime(999);
    expect(await read()).toBe(1);
    jest.advanceTimersByTime(1);
    const again = read();
    end?.();
    expect(await again).toBe(2);
  });

  it('is not tried again at once where it fails', async () => {
    let readings = 0;
    const read = atMostEvery(1_000, async () => {
      readings++;
      throw new Error('away');
    });
    await expect(read()).rejects.toThrow('away');
    jest.advanceTimersByTime(999);
    await expect(read()).rejects.toThrow('away');
    expect(readings).toBe(1);
    jest.advanceTimersByTime(1);
    await expect(read()).rejects.toThrow('away');
    expect(readings).toBe(2);
  });
});
