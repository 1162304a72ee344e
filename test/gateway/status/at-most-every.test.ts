import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { atMostEvery } from '../../../gateway/status/at-most-every.ts';

describe('what is read at most once in a while', () => {
  it('is read once for all who ask during the reading and after it, and anew when the while is over', async () => {
    let readings = 0;
    let end: (() => void) | undefined;
    const read = atMostEvery(30, () => {
      readings++;
      return new Promise<number>((resolve) => {
        end = () => resolve(readings);
      });
    });
    const asking = [read(), read()];
    await pause(40);
    asking.push(read());
    end?.();
    expect(await Promise.all(asking)).toEqual([1, 1, 1]);
    expect(await read()).toBe(1);
    await pause(40);
    const again = read();
    end?.();
    expect(await again).toBe(2);
  });

  it('is not tried again at once where it fails', async () => {
    let readings = 0;
    const read = atMostEvery(30, async () => {
      readings++;
      throw new Error('away');
    });
    await expect(read()).rejects.toThrow('away');
    await expect(read()).rejects.toThrow('away');
    expect(readings).toBe(1);
    await pause(40);
    await expect(read()).rejects.toThrow('away');
    expect(readings).toBe(2);
  });
});
