import type { Command } from 'commander';
import { dataOption, runbookName } from '../arguments.ts';
import { moment } from '../audit/period.ts';
import { shippedRunbooks } from '../shipped-runbooks.ts';
import type { ReplayOptions } from './print-replays.ts';

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('play recorded incidents by the runbooks and the code of today, with no cluster, and tell what would be done differently')
    .argument('[incidents...]', 'workflow ids of incidents, or files and folders that --export wrote')
    .option('--run <id>', 'this run of the incident (default: the last)')
    .option('--since <time>', 'all incidents that closed since and can be played, such as 30d, or a time in ISO 8601', moment)
    .option('--runbooks <folder>', 'where the runbooks are', shippedRunbooks(process.env))
    .option('--runbook <name>', 'by this runbook, whatever the alerts match', runbookName)
    .option('--pinned', 'by the runbook that each incident had, so that only the code can differ')
    .option('--export <folder>', 'write each incident into a file of this folder, and play nothing')
    .option('--accept', 'write what comes of them now into their files, as what they are compared with from then on')
    .option('--json', 'print one JSON document: {replays: [{incident, run, runbook: {was, now}, same, was, now, notes}], unplayed}')
    .addOption(dataOption())
    .addHelpText(
      'after',
      `
What was seen, what people said and what each act led to is taken from the history. It is played as far as the same is done as then: what
would have come of anything else nobody can tell. Nothing is waited for, and nothing is changed anywhere. See docs/rehearsal.md.
Ends with exit code 0 when all are the same, 1 when one is not or could not be played, and 2 for a command line that makes no sense.

Examples:
  paramedic replay outage/prod/ml/Deployment/ranker
  paramedic replay --since 30d --export incidents
  paramedic replay incidents --runbooks my-runbooks
  paramedic replay incidents --runbooks my-runbooks --accept`,
    )
    .action((incidents: string[], options: ReplayOptions) =>
      import('./print-replays.ts').then(({ printReplays }) => printReplays(incidents, options)),
    );
}
