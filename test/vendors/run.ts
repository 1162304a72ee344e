import { globSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { runJest } from '../safety/jest-run.ts';
import { SYSTEMS, type TriedSystem } from './systems.ts';
import { verdictLines, verdictOf } from './verdicts.ts';

const checkout = join(import.meta.dirname, '..', '..');

const { only = SYSTEMS, json } = new Command('npm run -s vendors --')
  .description('run the tests of every system that Paramedic speaks to, and say of each whether they pass, for real or by contract')
  .option('--only <names>', `these systems alone, parted by commas, of ${SYSTEMS.map(({ name }) => name).join(', ')}`, systemsOf)
  .option('--json', 'print one JSON document: [{system, tried, works, passed, checks: [{name, file, status}], silent}]')
  .addHelpText('after', '\nIt exits with 0 when all of them work, and with 1 when a check of one failed or could not be made.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ only?: readonly TriedSystem[]; json?: true }>();

const wanted = only.flatMap(({ tests }) => tests.map((entry) => (typeof entry === 'string' ? entry : entry.file)));
const files = globSync('test/**/*.test.ts', { cwd: checkout }).filter((file) =>
  wanted.some((entry) => (entry.endsWith('/') ? file.startsWith(entry) : file === entry)),
);
const results = await runJest(checkout, files, '');
const verdicts = only.map((system) => verdictOf(system, results));
process.stdout.write(json ? `${JSON.stringify(verdicts)}\n` : verdicts.map((one) => `${verdictLines(one)}\n`).join(''));
process.exitCode = verdicts.every(({ works }) => works) ? 0 : 1;

function systemsOf(text: string): readonly TriedSystem[] {
  return text.split(',').map((one) => {
    const system = SYSTEMS.find(({ name }) => name.toLowerCase() === one.trim().toLowerCase());
    if (system === undefined) throw new InvalidArgumentError(`"${one.trim()}" is no system that is tried.`);
    return system;
  });
}
