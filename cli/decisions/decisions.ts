import { type Command, Option } from 'commander';
import { caller } from '../caller.ts';
import { defaultStateFolder } from '../state-folder.ts';
import type { DecisionOptions } from './decide.ts';

/** The commands by which a person answers what an incident asks. */
export function addDecisions(program: Command): void {
  add(program, 'approve', 'give leave for the plan an incident asks about; the guards are asked all the same');
  add(program, 'decline', 'refuse the plan an incident asks about; the incident is then yours');
}

function add(program: Command, decision: 'approve' | 'decline', description: string): void {
  program
    .command(decision)
    .description(description)
    .argument('<incident>', 'as "incidents list" names it')
    .option('--plan <id>', 'only this plan, by the id it was shown with; otherwise the one that is asked about now, which is shown')
    .option('--reason <text>', 'why, for the record')
    .option('--by <name>', 'who decides, for the record', caller())
    .addOption(new Option('--data <folder>', 'state folder of "paramedic up"').default(defaultStateFolder(process.env)))
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `\nExample:\n  paramedic ${decision} pod-crash/local/ml/Deployment/ranker --plan 1a2b3c4d --reason "looked at it"`,
    )
    .action((incident: string, options: DecisionOptions) =>
      import('./decide.ts').then(({ printDecision }) => printDecision(incident, decision, options)),
    );
}
