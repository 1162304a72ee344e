import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { declaredTests } from './declared.ts';
import { runJest } from './jest-run.ts';
import { exitCodeFor, judge, judgementLine } from './judge.ts';
import { readTable, TABLE, withTests } from './table.ts';
import { patternFor } from './title.ts';

const checkout = join(import.meta.dirname, '..', '..');
const properties = readTable(checkout);
const declared = declaredTests(checkout);

const { only, json, write } = new Command('npm run -s safety --')
  .description(`run the tests that prove the properties of ${TABLE}, and say of each property whether it holds`)
  .option('--only <numbers>', 'these properties alone, such as 3,6', numbersOf)
  .option('--json', 'print one JSON document: [{property, text, held, tests: [{name, file, status}]}]')
  .option('--write', `run nothing, and write the tests' names into ${TABLE}`)
  .addHelpText('after', '\nIt exits with 0 when all hold, and with 1 when one is broken, has no test, or could not be tested here.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ only?: number[]; json?: true; write?: true }>();

if (write) {
  const file = join(checkout, TABLE);
  writeFileSync(file, withTests(readFileSync(file, 'utf8'), declared));
} else {
  const asked = properties.filter(({ number }) => only?.includes(number) ?? true);
  const numbers = asked.map(({ number }) => number);
  const files = declared.filter((test) => test.properties.some((one) => numbers.includes(one))).map(({ file }) => file);
  const nothing = { tests: [], unrunnable: [] };
  const results = files.length === 0 ? nothing : await runJest(checkout, [...new Set(files)], patternFor(numbers));
  const judgements = asked.map((property) => judge(property, declared, results));
  process.stdout.write(json ? `${JSON.stringify(judgements)}\n` : judgements.map((one) => `${judgementLine(one)}\n`).join(''));
  process.exitCode = exitCodeFor(judgements);
}

function numbersOf(text: string): number[] {
  const numbers = text.split(',').map(Number);
  const unknown = numbers.find((one) => !properties.some(({ number }) => number === one));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${text}" names a property that ${TABLE} does not have.`);
  return numbers;
}
