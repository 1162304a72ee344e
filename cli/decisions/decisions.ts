import { Argument, type Command, Option } from 'commander';
import type { Answer } from '../../incident/approval.ts';
import { OPTIONS, type OptionName } from '../../incident/option.ts';
import { caller } from '../caller.ts';
import { defaultStateFolder } from '../state-folder.ts';
import type { AcknowledgeOptions } from './acknowledge.ts';
import type { DecisionOptions } from './decide.ts';

/** The commands by which a person answers what an incident asks. */
export function addDecisions(program: Command): void {
  add(program, 'approve', 'give leave for the plan an incident asks about; the guards are asked all the same');
  add(program, 'reject', 'refuse the plan an incident asks about; the incident is then yours');
  add(program, 'escalate', 'have another person told at once, instead of deciding on the plan an incident asks about');
  program
    .command('acknowledge')
    .description('take an incident that people are told of upon yourself: nobody else is told or reminded')
    .argument('<incident>', 'as "incidents list" names it')
    .option('--reason <text>', 'what you do, for the record')
    .option('--by <name>', 'who takes it, for the record', caller())
    .addOption(new Option('--data <folder>', 'state folder of "paramedic up"').default(defaultStateFolder(process.env)))
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  paramedic acknowledge outage/local/ml/Deployment/ranker --reason "looking at it"')
    .action(async (incident: string, options: AcknowledgeOptions) => {
      const { printAcknowledgement } = await import('./acknowledge.ts');
      return printAcknowledgement(incident, options);
    });
  withOptions(program.command('decide').description('choose what is to be done, where an incident asks with several options'))
    .addArgument(new Argument('<option>', 'one of those that are offered').choices(OPTIONS))
    .addHelpText(
      'after',
      `\nExample:\n  paramedic decide data-quality/local/ml/InferenceService/churn freeze --reason "until the schema is mended"`,
    )
    .action((incident: string, option: OptionName, options: DecisionOptions) => decide(incident, option, options));
}

function add(program: Command, decision: 'approve' | 'reject' | 'escalate', description: string): void {
  withOptions(program.command(decision).description(description))
    .addHelpText('after', `\nExample:\n  paramedic ${decision} outage/local/ml/Deployment/ranker --plan 1a2b3c4d --reason "looked at it"`)
    .action((incident: string, options: DecisionOptions) => decide(incident, decision, options));
}

function withOptions(command: Command): Command {
  return command
    .argument('<incident>', 'as "incidents list" names it')
    .option('--plan <id>', 'only this plan, by the id it was shown with; otherwise the one that is asked about now, which is shown')
    .option('--reason <text>', 'why, for the record')
    .option('--by <name>', 'who decides, for the record', caller())
    .addOption(new Option('--data <folder>', 'state folder of "paramedic up"').default(defaultStateFolder(process.env)))
    .option('--json', 'print one JSON document');
}

async function decide(incident: string, answer: Answer, options: DecisionOptions): Promise<void> {
  const { printDecision } = await import('./decide.ts');
  return printDecision(incident, answer, options);
}
