import { join } from 'node:path';
import { Command } from 'commander';
import { WAYS } from '../../incident/person.ts';
import { runJest } from '../safety/jest-run.ts';
import { ATTACKS, type Attack, cellTitle, WAY_TITLES } from './table.ts';

const checkout = join(import.meta.dirname, '..', '..');

const { json } = new Command('npm run -s attacks --')
  .description('try every attack on what people decide by, by every way they can decide, and say of each whether it is refused and audited')
  .option('--json', 'print one JSON document: [{attack, way, holds}]')
  .addHelpText('after', '\nIt exits with 0 when all are refused and audited, and with 1 when one is not or could not be tried.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ json?: true }>();

const results = await runJest(checkout, ['test/attacks/attacks.test.ts'], '');
const statusOf = (title: string) => results.tests.find(({ name }) => name.includes(title))?.status ?? 'skipped';
const attacks = Object.keys(ATTACKS) as Attack[];
const cells = attacks.flatMap((attack) => WAYS.map((way) => ({ attack, way, status: statusOf(cellTitle(attack, way)) })));
const IN_WORDS = { passed: 'refused, audited', failed: 'NOT HELD', skipped: 'NOT TRIED' } as const;

process.stdout.write(
  json ? `${JSON.stringify(cells.map(({ attack, way, status }) => ({ attack, way, holds: status === 'passed' })))}\n` : tableText(),
);
process.exitCode = cells.every(({ status }) => status === 'passed') ? 0 : 1;

function tableText(): string {
  const header = ['', ...WAYS.map((way) => WAY_TITLES[way])];
  const rows = attacks.map((attack) => [
    ATTACKS[attack],
    ...cells.filter((cell) => cell.attack === attack).map(({ status }) => IN_WORDS[status]),
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)));
  return [header, ...rows]
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
