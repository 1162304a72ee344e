import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { declaredTests, testsIn } from './declared.ts';
import { parseTable, readTable, TABLE, testsCell, withTests } from './table.ts';
import { bare, isMisspelt } from './title.ts';

const checkout = join(import.meta.dirname, '..', '..');

describe('docs/safety.md', () => {
  const properties = readTable(checkout);
  const declared = declaredTests(checkout);

  it('has a row for each of 37 properties, in order', () => {
    expect(properties.map(({ number }) => number)).toEqual(Array.from({ length: 37 }, (_, index) => index + 1));
  });

  it('names exactly the tests that say they prove a property; "npm run -s safety -- --write" makes it so', () => {
    const expected = properties.map(({ number, text }) => ({ number, text, tests: testsCell(number, declared) }));
    expect(properties).toEqual(expected);
  });

  it('has every property that a test says it proves', () => {
    const numbers = properties.map(({ number }) => number);
    expect(declared.filter((test) => test.properties.some((one) => !numbers.includes(one)))).toEqual([]);
  });

  it('is meant by no title whose ending nothing would find', () => {
    expect(declared.filter(({ name }) => isMisspelt(name))).toEqual([]);
  });

  it('is proven by tests with names of their own', () => {
    const names = declared.filter((test) => test.properties.length > 0).map(({ file, name }) => `${file} ${bare(name)}`);
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
  });
});

describe('testsIn()', () => {
  it('finds tests in whatever they stand, and those of a table with their placeholders', () => {
    const source = `
      describe('a limit', () => {
        it('holds (safety 6)', () => {});
        describe.each([1, 2])('of %i', () => {
          it.each([[1]])(\`lets %i through (safety 6, 14)\`, async () => {});
        });
      });
      test("is of no property", () => { item('is no test (safety 1)'); });`;
    expect(testsIn('a.test.ts', source)).toEqual([
      { file: 'a.test.ts', name: 'a limit holds (safety 6)', properties: [6] },
      { file: 'a.test.ts', name: 'a limit of %i lets %i through (safety 6, 14)', properties: [6, 14] },
      { file: 'a.test.ts', name: 'is of no property', properties: [] },
    ]);
  });
});

describe('a table of properties', () => {
  const markdown = 'What must hold:\n| property | text | tests |\n|---|---|---|\n| 1 | One. | |\n| 2 | Two. | `b.test.ts`: gone |\n';
  const declared = [{ file: 'a.test.ts', name: 'a limit holds a|b (safety 1)', properties: [1] }];

  it('is read row by row, and written with the tests there are', () => {
    expect(parseTable(markdown)).toEqual([
      { number: 1, text: 'One.', tests: '' },
      { number: 2, text: 'Two.', tests: '`b.test.ts`: gone' },
    ]);
    const written = withTests(markdown, declared);
    expect(written).toBe(markdown.replace('One. | |', 'One. | `a.test.ts`: a limit holds a\\|b |').replace('`b.test.ts`: gone ', ''));
    expect(parseTable(written).map(({ tests }) => tests)).toEqual([testsCell(1, declared), '']);
  });

  it.each([
    ['a number stands twice', `${markdown}| 2 | Too. | |\n`, `Cannot read ${TABLE}: property 2 has two rows; keep one.`],
    ['there is no row', 'Nothing.', `Cannot read ${TABLE}: it has no row such as "| 1 | what must hold | tests |".`],
  ])('is refused when %s', (_case, text, fault) => {
    expect(() => parseTable(text)).toThrow(fault);
  });
});
