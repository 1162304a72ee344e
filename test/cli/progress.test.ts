import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openProgress } from '../../cli/progress.ts';

let said: string[];

beforeEach(() => {
  said = [];
  jest.useFakeTimers({ now: 0 });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('progress', () => {
  it('is told on standard error once something takes two seconds, and then each second', () => {
    const progress = openProgress('Reading the trail', 200);
    for (let ms = 0; ms < 4_000; ms += 100) {
      jest.setSystemTime(ms);
      progress.advance(4);
    }
    expect(said).toEqual(['Reading the trail: 42 % after 2 s\n', 'Reading the trail: 62 % after 3 s\n']);
  });

  it('is never more than all of it, and a mere count where nobody knows how much there is', () => {
    const [over, unknown] = [openProgress('Reading', 10), openProgress('Reading histories', 0)];
    jest.setSystemTime(5_000);
    over.advance(11);
    unknown.advance(3);
    expect(said).toEqual(['Reading: 100 % after 5 s\n', 'Reading histories: 3 after 5 s\n']);
  });
});
