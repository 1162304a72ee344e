import { type Command, Option } from 'commander';
import { dataOption, namespaceName, runbookName, seconds } from '../arguments.ts';
import type { FreezeOptions, ThawOptions } from './stop.ts';

export function addFreeze(program: Command): void {
  withScope(program.command('freeze').description('stop: nothing new is changed from now on; what is being changed finishes or is undone'))
    .addOption(
      new Option('--for <length>', 'end by itself after so long, such as 90s, 30m, 2h or 1d (default: until thawed)').argParser(seconds),
    )
    .option('--reason <text>', 'why, for those who read it')
    .addHelpText(
      'after',
      `
It is in force for every worker as soon as this returns, and outlasts restarts of all of them. Undoing is never stopped.

Examples:
  paramedic freeze
  paramedic freeze --namespace ml --for 2h --reason "release of the ranker"
  paramedic freeze --runbook pod-crash --all-clusters`,
    )
    .action((options: FreezeOptions) => import('./stop.ts').then(({ freeze }) => freeze(options)));
}

export function addThaw(program: Command): void {
  withScope(program.command('thaw').description('go on after a freeze: of exactly this scope, or of every one when none is given'))
    .addHelpText(
      'after',
      `
What is still failing is looked at anew; what was refused meanwhile is not made up for.

Examples:
  paramedic thaw
  paramedic thaw --namespace ml
  paramedic thaw --runbook pod-crash --all-clusters`,
    )
    .action((options: ThawOptions) => import('./stop.ts').then(({ thaw }) => thaw(options)));
}

function withScope(command: Command): Command {
  return command
    .option('--namespace <name>', 'only what is in this Kubernetes namespace', namespaceName)
    .option('--runbook <name>', 'only what this runbook does', runbookName)
    .option('--all-clusters', 'in all clusters, not only in PARAMEDIC_CLUSTER')
    .addOption(dataOption())
    .option('--json', 'print one JSON document');
}
