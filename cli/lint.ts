import type { Command } from 'commander';
import { loadRunbooks } from '../runbooks/load.ts';

export function addLint(program: Command): void {
  program
    .command('lint')
    .description('check every runbook of a folder and tell all faults with file, line and column')
    .argument('[folder]', 'where the runbooks are', 'runbooks')
    .option('--json', 'print one JSON document')
    .action((folder: string, { json }: { json?: true }) => {
      const { runbooks, faults } = loadRunbooks(folder);
      if (json) console.log(JSON.stringify({ runbooks: runbooks.length, faults }));
      else for (const fault of faults) process.stderr.write(`${fault}\n`);
      if (!json && faults.length === 0) console.log(`${runbooks.length} runbooks, no fault.`);
      if (faults.length > 0) process.exitCode = 1;
    });
}
