import { type Command, InvalidArgumentError, Option } from 'commander';
import { FAILURE_TYPES } from '../../incident/failure-type.ts';
import { dataOption, namespaceName } from '../arguments.ts';
import type { ListRequest, ReadOptions } from './read.ts';

export function addIncidents(program: Command): void {
  const incidents = program.command('incidents').description('list incidents, or show one, as Temporal has them');
  incidents
    .command('list')
    .description('list incidents, the newest first')
    .addOption(new Option('--type <failureType>', 'only of this failure type').choices(FAILURE_TYPES))
    .option('--namespace <name>', 'only about targets in this Kubernetes namespace', namespaceName)
    .addOption(new Option('--open', 'only those that go on').conflicts('closed'))
    .option('--closed', 'only those that have ended')
    .option('--limit <count>', 'at most so many', countFrom1, 50)
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  paramedic incidents list --open\n  paramedic incidents list --type outOfMemory --namespace ml --json',
    )
    .action((options: ListRequest) => import('./read.ts').then(({ printIncidents }) => printIncidents(options)));
  incidents
    .command('show')
    .description('show one incident: its story, its actions, its end, and where to look')
    .argument('<id>', 'as "incidents list" names it')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  paramedic incidents show out-of-memory/local/ml/Deployment/ranker')
    .action((id: string, options: ReadOptions) => import('./read.ts').then(({ printIncident }) => printIncident(id, options)));
}

function countFrom1(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 10_000) return count;
  throw new InvalidArgumentError('It must be a whole number from 1 to 10000.');
}
