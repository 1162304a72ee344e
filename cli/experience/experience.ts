import { type Command, Option } from 'commander';
import { CAUSES } from '../../incident/cause.ts';
import { FAILURE_TYPES } from '../../incident/failure-type.ts';
import { REMEDIES } from '../../incident/remedy.ts';
import { dataOption } from '../arguments.ts';
import type { ResetOptions } from './reset.ts';
import type { ShowOptions } from './show.ts';
import type { ExportOptions, ImportOptions } from './transfer.ts';

/** The commands about what was learned from earlier incidents. */
export function addExperience(program: Command): void {
  const experience = program
    .command('experience')
    .description('what each remedy came to in earlier incidents of PARAMEDIC_CLUSTER: show, reset, export, import');
  experience
    .command('show')
    .description('show what is known of each remedy, for each cause and kind of target, as it is worth now: half after 30 days')
    .addOption(typeOption('only of this failure type'))
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  paramedic experience show\n  paramedic experience show --type podCrash --json')
    .action((options: ShowOptions) => import('./show.ts').then(({ showExperience }) => showExperience(options)));
  experience
    .command('reset')
    .description('forget what was learned: of a cause, of a remedy, of both, or all of a failure type')
    .addOption(typeOption('of this failure type').makeOptionMandatory())
    .addOption(new Option('--cause <cause>', 'of this cause').choices(Object.keys(CAUSES)))
    .addOption(new Option('--remedy <remedy>', 'of this remedy').choices([...REMEDIES]))
    .addOption(new Option('--all', 'of every cause and remedy').conflicts(['cause', 'remedy']))
    .requiredOption('--reason <text>', 'why, for those who read it')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  paramedic experience reset --type podCrash --cause flake --remedy restart --reason "the node pool was replaced"',
    )
    .action((options: ResetOptions) => import('./reset.ts').then(({ resetExperienceOf }) => resetExperienceOf(options)));
  addTransfers(experience);
}

function addTransfers(experience: Command): void {
  experience
    .command('export')
    .description('print all that was learned as one JSON document, which "experience import" takes')
    .addOption(typeOption('only of this failure type'))
    .addOption(dataOption())
    .addHelpText('after', '\nExample:\n  paramedic experience export > experience.json')
    .action((options: ExportOptions) => import('./transfer.ts').then(({ exportExperience }) => exportExperience(options)));
  experience
    .command('import')
    .description(
      'take over what was exported, on top of what is known or in its place; nothing is taken where anything in it is not as it should be',
    )
    .argument('<file>', 'what "experience export" printed; - reads standard input')
    .addOption(new Option('--merge', 'on top of what is known; an incident remembered in both counts once').conflicts('replace'))
    .addOption(new Option('--replace', 'in place of what is known of each failure type in the file'))
    .requiredOption('--reason <text>', 'why, for those who read it')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  paramedic experience import experience.json --merge --reason "a new cluster of the same kind"')
    .action((file: string, options: ImportOptions) =>
      import('./transfer.ts').then(({ importExperienceOf }) => importExperienceOf(file, options)),
    );
}

function typeOption(description: string): Option {
  return new Option('--type <failureType>', description).choices(FAILURE_TYPES);
}
