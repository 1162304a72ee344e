import type { Command } from 'commander';
import { dataOption } from '../arguments.ts';
import type { ListOptions } from './list.ts';
import type { ModelOptions } from './records.ts';
import type { SayOptions } from './say.ts';

/** The commands about what Paramedic knows of models: what it saw healthy in serving, and what people said of versions. */
export function addModels(program: Command): void {
  const models = program
    .command('models')
    .description('what was seen healthy in serving, and what people say of versions: list, history, pin, unpin, quarantine, release');
  models
    .command('list')
    .description('list the models of PARAMEDIC_CLUSTER, with the version last seen healthy in serving')
    .option('--all-clusters', 'of all clusters, not only of PARAMEDIC_CLUSTER')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  paramedic models list\n  paramedic models list --all-clusters --json')
    .action((options: ListOptions) => import('./list.ts').then(({ printModels }) => printModels(options)));
  about(models.command('history'), 'show what was seen of one model, what is pinned and what is quarantined')
    .addHelpText('after', '\nExamples:\n  paramedic models history churn\n  paramedic models history ml/churn --registry - --json')
    .action((model: string, options: ModelOptions) => import('./history.ts').then(({ printHistory }) => printHistory(model, options)));
  addSayings(models);
}

function addSayings(models: Command): void {
  const pin = 'vouch for a version: it is what is gone back to, whatever registry and record say';
  versioned(models.command('pin'), pin)
    .addHelpText('after', '\nExample:\n  paramedic models pin churn 7 --reason "it served us for a year"')
    .action((model: string, version: string, options: SayOptions) => say('pin', model, version, options));
  reasoned(about(models.command('unpin'), 'vouch no longer: the last known good version is found as ever'))
    .addHelpText('after', '\nExample:\n  paramedic models unpin churn --reason "version 9 is out"')
    .action((model: string, options: SayOptions) => say('unpin', model, null, options));
  versioned(models.command('quarantine'), 'never go back to a version: in the record, and in the registry where one is configured')
    .addHelpText('after', '\nExample:\n  paramedic models quarantine churn 8 --reason "trained on the wrong table"')
    .action((model: string, version: string, options: SayOptions) => say('quarantine', model, version, options));
  versioned(models.command('release'), 'take a version out of quarantine: in the record, and in the registry where one is configured')
    .addHelpText('after', '\nExample:\n  paramedic models release churn 8 --reason "it was the node"')
    .action((model: string, version: string, options: SayOptions) => say('release', model, version, options));
}

function about(command: Command, description: string): Command {
  return command
    .description(description)
    .argument('<model>', 'as "models list" names it')
    .option(
      '--registry <name>',
      'the registry it is in, or - for none; needed where several models are called so, or nothing was seen of it yet',
    )
    .addOption(dataOption())
    .option('--json', 'print one JSON document');
}

function versioned(command: Command, description: string): Command {
  return reasoned(about(command, description).argument('<version>', "the registry's version, or the address as a server writes it"));
}

function reasoned(command: Command): Command {
  return command.requiredOption('--reason <text>', 'why, for those who read it');
}

async function say(kind: 'pin' | 'unpin' | 'quarantine' | 'release', model: string, version: string | null, options: SayOptions) {
  const { sayOfModel } = await import('./say.ts');
  return sayOfModel(kind, model, version, options);
}
