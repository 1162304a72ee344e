import { describe, expect, it } from '@jest/globals';
import { applied, mutationVerdict } from './verdict.ts';

const source = ['function isCount(made?: number) {', '  return made !== undefined &&', '    made >= 0;', '}'].join('\n');
const wholeAnswer = { start: { line: 2, column: 10 }, end: { line: 3, column: 14 } };
const explanation = {
  file: 'guards/count.ts',
  code: 'made !== undefined && made >= 0',
  becomes: 'made >= 0',
  why: 'Comparing undefined is false.',
};

function verdict(statuses: string[], explanations: object[] = []) {
  const mutants = statuses.map((status) => ({ status, replacement: 'made\n  >= 0', location: wholeAnswer }));
  const report = { thresholds: { break: 90 }, files: { 'guards/count.ts': { source, mutants } } };
  return mutationVerdict(JSON.stringify(report), JSON.stringify(explanations));
}

function killed(count: number): string[] {
  return Array<string>(count).fill('Killed');
}

describe('mutationVerdict()', () => {
  it('is content when every mutant is killed, be it by a timeout', () => {
    expect(verdict([...killed(9), 'Timeout'])).toEqual({
      ok: true,
      lines: ['10 of 10 mutants killed (100.0 %, 90 % needed), 0 explained, 0 unexplained'],
    });
  });

  it.each(['Survived', 'NoCoverage', 'Ignored'])('refuses an unexplained mutant that is %s, however many are killed', (status) => {
    expect(verdict([...killed(999), status])).toEqual({
      ok: false,
      lines: [
        'guards/count.ts:2 no test notices, and nobody explains: made !== undefined && made >= 0 → made >= 0',
        '999 of 1000 mutants killed (99.9 %, 90 % needed), 0 explained, 1 unexplained',
      ],
    });
  });

  it.each(['Survived', 'NoCoverage'])('accepts an explained mutant that is %s', (status) => {
    expect(verdict([...killed(9), status], [explanation])).toEqual({
      ok: true,
      lines: ['9 of 10 mutants killed (90.0 %, 90 % needed), 1 explained, 0 unexplained'],
    });
  });

  it.each(['file', 'code', 'becomes'])('takes no explanation for a mutant whose %s is another', (property) => {
    expect(verdict([...killed(9), 'Survived'], [{ ...explanation, [property]: 'another' }]).ok).toBe(false);
  });

  it('wants an explanation for each of two mutants that look alike', () => {
    expect(verdict([...killed(98), 'Survived', 'Survived'], [explanation]).ok).toBe(false);
    expect(verdict([...killed(98), 'Survived', 'Survived'], [explanation, explanation]).ok).toBe(true);
  });

  it('never takes an explanation for a kill', () => {
    expect(verdict([...killed(8), 'Survived', 'Survived'], [explanation, explanation]).ok).toBe(false);
  });

  it('takes no explanation for a mutant that never ran', () => {
    expect(verdict([...killed(99), 'Ignored'], [explanation]).ok).toBe(false);
  });

  it('refuses an explanation that has outlived its mutant', () => {
    expect(verdict(killed(10), [explanation])).toMatchObject({
      ok: false,
      lines: [
        'guards/count.ts is explained to survive, but is killed or gone: made !== undefined && made >= 0 → made >= 0',
        expect.any(String),
      ],
    });
  });

  it('refuses an explanation without a reason', () => {
    expect(() => verdict([...killed(9), 'Survived'], [{ ...explanation, why: '' }])).toThrow('why');
  });

  it('leaves out mutants that no test could run', () => {
    expect(verdict([...killed(9), 'Survived', 'RuntimeError', 'CompileError'], [explanation]).ok).toBe(true);
  });

  it('refuses a report without a mutant', () => {
    expect(verdict([]).ok).toBe(false);
  });
});

describe('applied()', () => {
  it('changes just the place of the mutant', () => {
    const mutant = { status: 'Survived' as const, replacement: 'true', location: wholeAnswer };
    expect(applied(source, mutant)).toBe(['function isCount(made?: number) {', '  return true;', '}'].join('\n'));
  });
});
