import type { Command } from 'commander';
import { dataOption } from '../arguments.ts';
import { shippedRunbooks } from '../shipped-runbooks.ts';
import type { AdviseOptions } from './give-advice.ts';

export function addAdvise(program: Command): void {
  program
    .command('advise')
    .description('propose which remedies should be left more, or less, to Paramedic alone in PARAMEDIC_CLUSTER, with what speaks for it')
    .argument('[remedies...]', 'only these, as RUNBOOK/REMEDY')
    .option('--runbooks <folder>', 'where the runbooks are', shippedRunbooks(process.env))
    .option('--diff', 'print nothing but the change of one runbook, as "git apply" takes it')
    .addOption(dataOption())
    .option(
      '--json',
      'print one JSON document: {cluster, proposals: [{runbook, file, remedy, from, to, evidence, diff}], staying, demotions}',
    )
    .addHelpText(
      'after',
      `
It changes nothing. A person who agrees changes the runbook and starts Paramedic anew, or lifts the demotion.

Examples:
  paramedic advise
  paramedic advise pod-crash/restart --runbooks my-runbooks --diff | git apply`,
    )
    .action((remedies: string[], options: AdviseOptions) =>
      import('./give-advice.ts').then(({ giveAdvice }) => giveAdvice(remedies, options)),
    );
}
