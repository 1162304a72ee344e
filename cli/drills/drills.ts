import { type Command, InvalidArgumentError, Option } from 'commander';
import { dataOption, namespaceName } from '../arguments.ts';
import type { CleanOptions } from './clean.ts';
import type { ListOptions } from './list.ts';
import type { RunOptions } from './run.ts';
import type { ScheduleOptions } from './schedule.ts';

/** The commands that break things on purpose, where somebody lets them, to see whether they are healed. */
export function addDrills(program: Command): void {
  const drill = program
    .command('drill')
    .description('inject faults into a namespace that is labelled for it, and grade what becomes of them: list, run, schedule, clean');
  drill
    .command('list')
    .description('list the drills of the folder PARAMEDIC_DRILLS, by default those that are shipped')
    .option('--any-cluster', 'only those that need no simulated nodes')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  paramedic drill list --any-cluster')
    .action((options: ListOptions) => import('./list.ts').then(({ printDrills }) => printDrills(options)));
  addRun(drill);
  addSchedule(drill);
  drill
    .command('clean')
    .description(
      'take away all that drills left in a namespace, by its label, where Temporal has lost them; needs a kubeconfig, and no worker',
    )
    .addOption(inNamespace())
    .addOption(onCluster())
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  paramedic drill clean --namespace drills')
    .action((options: CleanOptions) => import('./clean.ts').then(({ cleanDrills }) => cleanDrills(options)));
}

function addRun(drill: Command): void {
  drill
    .command('run')
    .description('have the worker of a cluster run drills, one after the other, and wait for what becomes of them')
    .argument('[names...]', 'as "drill list" names them')
    .option('--all', 'all that the nodes of the cluster can do, but for those that are right when a person is told')
    .addOption(perHour())
    .option('--telling-people', 'with --all, those too: whoever is on call hears of them as of any incident')
    .addOption(inNamespace())
    .addOption(onCluster())
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nThe namespace must have the label paramedic.dev/drills=allowed. It exits with 0 when all have passed, with 1 when one has not, and\nwith 2 for a command line that makes no sense. Ctrl-C ends the drills, and what they made is taken away.\n\nExamples:\n  kubectl create namespace drills && kubectl label namespace drills paramedic.dev/drills=allowed\n  paramedic drill run any-cluster/image-tag-does-not-exist --namespace drills\n  paramedic drill run --all --namespace drills --json',
    )
    .action((names: string[], options: RunOptions) => import('./run.ts').then(({ runDrills }) => runDrills(names, options)));
}

function addSchedule(drill: Command): void {
  drill
    .command('schedule')
    .description('have drills run again and again, and people told of those that do not pass; or show what is scheduled')
    .addOption(inNamespace())
    .option('--every <when>', '"day" or "week", at six in the morning UTC, of Monday; or five fields of cron in UTC, such as "0 6 * * 1"')
    .option('--only <names...>', 'only these; by default as "drill run --all"')
    .addOption(perHour())
    .option('--off', 'run them no more')
    .addOption(onCluster())
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  paramedic drill schedule --namespace drills --every week\n  paramedic drill schedule --namespace drills --off\n  paramedic drill schedule --namespace drills',
    )
    .action((options: ScheduleOptions) => import('./schedule.ts').then(({ scheduleDrills }) => scheduleDrills(options)));
}

function inNamespace(): Option {
  return new Option('--namespace <name>', 'where they are run').argParser(namespaceName).makeOptionMandatory();
}

/** The shipped limits let ten acts through in a namespace within an hour. */
function perHour(): Option {
  return new Option('--per-hour <count>', 'at most so many that were healed within an hour, since that counts in the limits')
    .argParser((text) => {
      const count = Number(text);
      if (Number.isInteger(count) && count >= 1 && count <= 1_000) return count;
      throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
    })
    .default(6);
}

function onCluster(): Option {
  return new Option('--cluster <name>', 'whose worker runs them; by default PARAMEDIC_CLUSTER');
}
