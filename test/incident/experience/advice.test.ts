import { describe, expect, it } from '@jest/globals';
import { adviceFor, countsOf } from '../../../incident/experience/advice.ts';
import { type Counts, emptyRow, HALF_LIFE_MS, NO_COUNTS } from '../../../incident/experience/row.ts';
import type { Mode } from '../../../incident/mode.ts';
import { NOW_MS } from './stories.ts';

const advise = (mode: Mode, counts: Partial<Counts>) => adviceFor({ remedy: 'restart', mode, counts: { ...NO_COUNTS, ...counts } });

describe('a remedy that is only observed', () => {
  it('should be asked about once others surely did the same more often than not', () => {
    expect(advise('observe', { didSame: 17, didOther: 2, didNothing: 1 })).toEqual({
      ...{ remedy: 'restart', from: 'observe', to: 'approve' },
      evidence: ['Of 20 failures that it only observed and that went away, others did the same in 17, something else in 2, nothing in 1.'],
    });
  });

  it.each([
    ['too few were observed', { didSame: 9 }],
    ['others mostly did something else', { didSame: 4, didOther: 16 }],
    ['most went away by themselves', { didSame: 4, didNothing: 16 }],
    ['it is not sure enough', { didSame: 6, didOther: 4 }],
    ['nothing was observed', {}],
  ])('stays where %s', (_, counts) => {
    expect(advise('observe', counts).to).toBe('observe');
  });

  it('never becomes auto at once, however well it did', () => {
    expect(advise('observe', { didSame: 500, approved: 500, tries: 500, recoveries: 500 }).to).toBe('approve');
  });
});

describe('a remedy that people are asked about', () => {
  const good = { approved: 12, tries: 12, recoveries: 12 };

  it('should act alone once they surely allow it and it surely cures', () => {
    expect(advise('approve', good)).toMatchObject({
      to: 'auto',
      evidence: ['People allowed it 12 times of 12.', 'It cured 12 of 12 for good.'],
    });
  });

  it.each<[string, Partial<Counts>]>([
    ['it was decided on too seldom', { ...good, approved: 4 }],
    ['it was tried too seldom', { ...good, tries: 4, recoveries: 4 }],
    ['people often refuse it', { ...good, rejected: 6 }],
    ['its cures do not last', { ...good, relapses: 5 }],
    ['it made things worse not long ago', { ...good, worse: 1 }],
    ['people called it wrong', { ...good, wrong: 1 }],
  ])('stays where %s', (_, counts) => {
    expect(advise('approve', counts).to).toBe('approve');
  });

  it('should only observe where people surely refuse it', () => {
    expect(advise('approve', { rejected: 9, approved: 1, tries: 1, recoveries: 1 }).to).toBe('observe');
  });
});

describe('a remedy that acts alone', () => {
  it('should be asked about where it surely cures less than every other time', () => {
    expect(advise('auto', { tries: 20, recoveries: 5 }).to).toBe('approve');
  });

  it.each<[string, Partial<Counts>]>([
    ['it cures', { tries: 20, recoveries: 15 }],
    ['too little is known', { tries: 4 }],
    ['it is not sure that it does not', { tries: 6, recoveries: 2 }],
  ])('stays where %s', (_, counts) => {
    expect(advise('auto', counts).to).toBe('auto');
  });
});

it('a remedy that is off stays off', () => {
  expect(advise('off', { didSame: 50, approved: 50, tries: 50, recoveries: 50 }).to).toBe('off');
});

describe('what is known of a remedy', () => {
  it('is the sum over causes and kinds, as it is worth now', () => {
    const row = (cause: 'flake' | 'bad-node', change: Partial<Counts>, atMs: number) => ({
      ...emptyRow({ cause, remedy: 'restart', kind: 'Deployment' }, atMs),
      counts: { ...NO_COUNTS, ...change },
    });
    const rows = [
      row('flake', { tries: 4 }, NOW_MS),
      row('bad-node', { tries: 4 }, NOW_MS - HALF_LIFE_MS),
      { ...row('flake', { tries: 9 }, NOW_MS), remedy: 'undoRelease' as const },
    ];
    expect(countsOf(rows, 'restart', NOW_MS).tries).toBeCloseTo(6);
  });
});
