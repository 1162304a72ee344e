import type { Command } from 'commander';
import { shippedRunbooks } from '../shipped-runbooks.ts';

export function addTest(program: Command): void {
  program
    .command('test')
    .description('test runbooks by the cases that are written beside them, with no cluster')
    .argument('[paths...]', 'runbooks, their tests, or folders of them', [shippedRunbooks(process.env)])
    .option('--verbose', 'tell the whole course of every case, also of those that pass')
    .option('--json', 'print one JSON document: {cases: [{file, name, runbook, passed, misses, timeline, waits}]}')
    .addHelpText(
      'after',
      `
The cases of NAME.yaml are in NAME.test.yaml beside it. Each is played on the real workflows, over a target that is how the case says, and
nothing is waited for. How cases are written: docs/rehearsal.md.
Ends with exit code 0 when every case passes, 1 when one does not, and 2 when there is none.

Examples:
  paramedic test
  paramedic test my-runbooks
  paramedic test my-runbooks/pod-crash.yaml --verbose`,
    )
    .action((paths: string[], options: { json?: true; verbose?: true }) =>
      import('./print-cases.ts').then(({ printCases }) => printCases(paths, options)),
    );
}
