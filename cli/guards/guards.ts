import type { Command } from 'commander';
import { dataOption, namespaceName, runbookName } from '../arguments.ts';
import type { DemoteOptions } from './demote.ts';
import type { DeskOptions } from './desk.ts';
import type { ResetOptions } from './reset.ts';

export function addGuards(program: Command): void {
  const guards = program
    .command('guards')
    // Its own options may stand behind its subcommands, too.
    .enablePositionalOptions(false)
    .description('show what holds remedies back, or soon may: freezes, storms, circuit breakers, budgets, permits, refusals')
    .option('--all-clusters', 'of what all clusters share, not of PARAMEDIC_CLUSTER')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  paramedic guards\n  paramedic guards --all-clusters --json')
    .action((options: DeskOptions) => import('./show-board.ts').then(({ showBoard }) => showBoard(options)));
  guards
    .command('demote')
    .description('have a person asked before each act of a runbook, or of one of its remedies, until a reset of the demotion')
    .argument('<runbook>', 'the name of a runbook', runbookName)
    .option('--remedy <name>', 'only this remedy')
    .option('--namespace <name>', 'only for targets in this Kubernetes namespace', namespaceName)
    .requiredOption('--reason <text>', 'why; whoever is asked reads it')
    .addHelpText(
      'after',
      `
What Paramedic did alone and made worse, or had to do again soon, it demotes by itself.

Examples:
  paramedic guards demote pod-crash --reason "its drill failed"
  paramedic guards demote pod-crash --remedy restart --namespace ml --reason "the cache takes an hour to warm up"
  paramedic guards reset demotion pod-crash/restart/ml`,
    )
    .action((runbook: string, _: DemoteOptions, command: Command) =>
      import('./demote.ts').then(({ demote }) => demote(runbook, command.optsWithGlobals<DemoteOptions>())),
    );
  guards
    .command('reset')
    .description(
      'vouch for a circuit breaker, what is demoted, what a storm shares, a source of alerts that is gone, or the whole record; what was before no longer counts',
    )
    .argument(
      '<name...>',
      'as "paramedic guards" names it: a circuit breaker, demotion RUNBOOK/REMEDY/NAMESPACE, what a storm shares, source NAME, or record',
    )
    .option('--reason <text>', 'why; it stands in the history of the permit office')
    .addHelpText(
      'after',
      '\nExamples:\n  paramedic guards reset target ml/Deployment/ranker --reason "the registry is back"\n  paramedic guards reset demotion pod-crash/restart/ml --reason "the probe was wrong"\n  paramedic guards reset node worker-3\n  paramedic guards reset source alertmanager/old\n  paramedic guards reset record',
    )
    .action((name: string[], _: ResetOptions, command: Command) =>
      import('./reset.ts').then(({ resetGuard }) => resetGuard(name.join(' '), command.optsWithGlobals<ResetOptions>())),
    );
}
