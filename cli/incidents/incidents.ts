import { type Command, InvalidArgumentError, Option } from 'commander';
import { CAUSES } from '../../incident/cause.ts';
import { FAILURE_TYPES } from '../../incident/failure-type.ts';
import { REMEDIES } from '../../incident/remedy.ts';
import { dataOption, namespaceName } from '../arguments.ts';
import { caller } from '../caller.ts';
import type { JudgeOptions } from './judge.ts';
import type { RaiseRequest } from './raise.ts';
import type { ListRequest, ReadOptions } from './read.ts';

export function addIncidents(program: Command): void {
  const incidents = program.command('incidents').description('list incidents, show, raise or judge one');
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
    .addHelpText('after', '\nExample:\n  paramedic incidents show outage/local/ml/Deployment/ranker')
    .action((id: string, options: ReadOptions) => import('./read.ts').then(({ printIncident }) => printIncident(id, options)));
  incidents
    .command('raise')
    .description(
      'begin an incident by hand, as an alert with these labels would; who raises it may not decide on it where a runbook wants four eyes',
    )
    .argument('<alert>', 'name of an alert that a runbook answers')
    .requiredOption('--label <name=value>', 'a label that names the target, such as namespace=ml or deployment=ranker', label, {})
    .option('--says <text>', 'what you saw', '')
    .option('--over', 'end what was raised by hand with these labels')
    .option('--by <name>', 'who raises it, for the record', caller())
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  paramedic incidents raise KubePodCrashLooping --label namespace=ml --label deployment=ranker --says "it answers nobody"',
    )
    .action((alert: string, options: RaiseRequest) => import('./raise.ts').then(({ raiseIncident }) => raiseIncident(alert, options)));
  addJudge(incidents);
}

function addJudge(incidents: Command): void {
  incidents
    .command('judge')
    .description(
      'say of an incident in which something was tried that this was right or wrong, or what the real cause was: later ones learn by it',
    )
    .argument('<id>', 'as "incidents list" names it')
    .addOption(new Option('--right', 'what cured it counts as one more cure').conflicts('wrong'))
    .addOption(new Option('--wrong', 'what was done is no cure, and counts as harm'))
    .addOption(new Option('--cause <cause>', 'the real cause, for which what was learned counts from now on').choices(Object.keys(CAUSES)))
    .addOption(new Option('--remedy <remedy>', 'of what was tried, only by this remedy').choices([...REMEDIES]))
    .option('--run <id>', 'of this run of it, not of the newest')
    .requiredOption('--reason <text>', 'why, for those who read it')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  paramedic incidents judge outage/prod/ml/Deployment/ranker --right --reason "the release was bad"\n  paramedic incidents judge outage/prod/ml/Deployment/ranker --wrong --cause bad-node --reason "the disk was full"',
    )
    .action((id: string, options: JudgeOptions) => import('./judge.ts').then(({ judgeIncidentOf }) => judgeIncidentOf(id, options)));
}

function label(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^([a-zA-Z_][a-zA-Z0-9_]*)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must be like namespace=ml.');
  return { ...before, [name]: value };
}

function countFrom1(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 10_000) return count;
  throw new InvalidArgumentError('It must be a whole number from 1 to 10000.');
}
