import type { Command } from 'commander';
import { defaultStateFolder } from '../state-folder.ts';
import type { UpOptions } from './run-up.ts';

export function addUp(program: Command): void {
  program
    .command('up')
    .description(
      'run everything against the current kubeconfig: gateway, worker, watch and a Temporal server; it observes until told otherwise',
    )
    .option('--auto', 'act also by runbooks that observe; those that ask a person still do')
    .option('--no-watch', 'do not watch the cluster: only alerts that are sent begin incidents')
    .option('--data <folder>', "where Temporal's database and the gateway's secret are kept", defaultStateFolder(process.env))
    .addHelpText(
      'after',
      `
Set TEMPORAL_ADDRESS to use a Temporal of your own instead of starting one.

Examples:
  paramedic up                    watch, and say what would be done
  paramedic up --auto             heal
  KUBECONFIG=~/.kube/staging PARAMEDIC_CLUSTER=staging paramedic up --data ~/paramedic-staging`,
    )
    .action((options: UpOptions) => import('./run-up.ts').then(({ up }) => up(options)));
}
