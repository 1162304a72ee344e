import type { Command } from 'commander';
import { casesIn, loadCases } from '../rehearsal/cases/load.ts';
import { faultText } from '../runbooks/fault.ts';
import { loadRunbooks } from '../runbooks/load.ts';
import { shippedRunbooks } from './shipped-runbooks.ts';

export function addLint(program: Command): void {
  program
    .command('lint')
    .description('check every runbook of a folder, and the tests beside them, and tell all faults with file, line and column')
    .argument('[folder]', 'where the runbooks are', shippedRunbooks(process.env))
    .option('--json', 'print one JSON document: {runbooks, faults: [{file, line, column, path, message}]}')
    .addHelpText(
      'after',
      '\nEnds with exit code 1 when there is a fault.\n\nExamples:\n  paramedic lint\n  paramedic lint my-runbooks --json',
    )
    .action((folder: string, { json }: { json?: true }) => {
      const { runbooks, faults: own } = loadRunbooks(folder);
      const faults = [...own, ...casesIn(folder).flatMap((file) => loadCases(file).faults)];
      if (json) process.stdout.write(`${JSON.stringify({ runbooks: runbooks.length, faults })}\n`);
      else for (const fault of faults) process.stderr.write(`${faultText(fault)}\n`);
      if (!json && faults.length === 0) process.stdout.write(`${runbooks.length} runbooks, no fault.\n`);
      if (faults.length > 0) process.exitCode = 1;
    });
}
