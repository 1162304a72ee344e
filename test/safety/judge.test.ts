import { describe, expect, it } from '@jest/globals';
import { parseReport } from './jest-run.ts';
import { exitCodeFor, judge, judgementLine, type Results, type TestRun } from './judge.ts';
import { isMisspelt, patternFor, provenBy } from './title.ts';

const property = { number: 6, text: 'N, and not one more.', tests: '' };
const declared = [{ file: 'a.test.ts', name: 'a limit holds (safety 6)', properties: [6] }];
const run = (name: string, status: TestRun['status'], file = 'a.test.ts'): TestRun => ({ file, name, status });
const judged = (tests: readonly TestRun[], unrunnable: readonly string[] = []) => {
  const judgement = judge(property, declared, { tests, unrunnable });
  return { line: judgementLine(judgement), exitCode: exitCodeFor([judgement]) };
};

describe('a property', () => {
  it('holds when its tests passed, and those of others play no part', () => {
    const tests = [run('a limit holds (safety 6)', 'passed'), run('it lasts (safety 4, 6)', 'passed'), run('else (safety 16)', 'failed')];
    expect(judged(tests)).toEqual({ line: '6 held a limit holds (safety 6); it lasts (safety 4, 6)', exitCode: 0 });
  });

  it('is broken, with exit code 1, when one of its tests failed, and names that one', () => {
    const tests = [run('a limit holds (safety 6)', 'passed'), run('it lasts (safety 4, 6)', 'failed')];
    expect(judged(tests)).toEqual({ line: '6 broken it lasts (safety 4, 6)', exitCode: 1 });
  });

  it('is broken when it has no test', () => {
    const judgement = judge(property, [], { tests: [], unrunnable: [] });
    expect([judgementLine(judgement), exitCodeFor([judgement])]).toEqual(['6 broken no test', 1]);
  });

  it('is broken when its only test was skipped, or never came to run', () => {
    expect(judged([run('a limit holds (safety 6)', 'skipped')])).toEqual({ line: '6 broken did not run', exitCode: 1 });
    expect(judged([])).toEqual({ line: '6 broken did not run', exitCode: 1 });
  });

  it('holds by one test though another was skipped, as on a machine that cannot have a real node', () => {
    const tests = [run('a limit holds (safety 6)', 'passed'), run('on a real node (safety 6)', 'skipped', 'b.test.ts')];
    expect(judged(tests)).toEqual({ line: '6 held a limit holds (safety 6)', exitCode: 0 });
  });

  it('is broken when the file of its test could not be run', () => {
    expect(judged([], ['a.test.ts'])).toEqual({ line: '6 broken a limit holds (safety 6)', exitCode: 1 });
  });

  it('spoils the exit code of all when it alone is broken', () => {
    const held = judge(property, declared, { tests: [run('a limit holds (safety 6)', 'passed')], unrunnable: [] });
    expect(exitCodeFor([held, { ...held, held: false }, held])).toBe(1);
  });
});

describe('what jest reports', () => {
  const report = (status: string, ...statuses: string[]): Results => {
    const assertionResults = statuses.map((one) => ({ fullName: `is ${one}`, status: one }));
    return parseReport('/checkout', JSON.stringify({ testResults: [{ name: '/checkout/test/a.test.ts', status, assertionResults }] }));
  };

  it('is read test by test, with what was not chosen as skipped', () => {
    expect(report('failed', 'passed', 'failed', 'pending')).toEqual({
      tests: [
        { file: 'test/a.test.ts', name: 'is passed', status: 'passed' },
        { file: 'test/a.test.ts', name: 'is failed', status: 'failed' },
        { file: 'test/a.test.ts', name: 'is pending', status: 'skipped' },
      ],
      unrunnable: [],
    });
  });

  it('counts a file that failed outside of its tests as one that could not be run', () => {
    expect(report('failed', 'passed')).toEqual({ tests: [], unrunnable: ['test/a.test.ts'] });
    expect(report('failed')).toEqual({ tests: [], unrunnable: ['test/a.test.ts'] });
  });
});

describe('a title', () => {
  it.each([
    ['holds (safety 6)', [6]],
    ['holds (safety 12, 24)', [12, 24]],
    ['holds (safety 6) for a while', []],
    ['holds', []],
  ])('%p proves %p', (title, numbers) => {
    expect(provenBy(title)).toEqual(numbers);
  });

  it.each(['holds (safety six)', 'holds (safety 6,7)', 'holds (Safety 6)', 'holds (safety 6) always', 'holds (safety 6) (safety 7)'])(
    'is misspelt as %p',
    (title) => {
      expect(isMisspelt(title)).toBe(true);
    },
  );

  it('is found by the numbers it ends with, and by no others', () => {
    const found = (title: string, ...numbers: number[]) => new RegExp(patternFor(numbers), 'i').test(title);
    expect(found('holds (safety 1, 6, 12)', 6)).toBe(true);
    expect(found('holds (safety 1, 6, 12)', 3, 12)).toBe(true);
    expect(found('holds (safety 16)', 1, 6)).toBe(false);
    expect(found('holds (safety 1, 61)', 6)).toBe(false);
  });
});
