import type { Command } from 'commander';
import { faultText } from '../../runbooks/fault.ts';
import { loadRunbooks } from '../../runbooks/load.ts';
import { shippedRunbooks } from '../shipped-runbooks.ts';
import { readAlerts } from './read-alerts.ts';
import { type Simulation, simulate } from './simulation.ts';

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('say what would be done about alerts, and why by that runbook, touching nothing')
    .argument('<files...>', 'Alertmanager bodies, or arrays of {labels, annotations}, as JSON')
    .option('--runbooks <folder>', 'where the runbooks are', shippedRunbooks(process.env))
    .option(
      '--json',
      'print one JSON line per alert: {alert, failureType, runbook, target, mode, remedies, reason, why, leftAlone, others: [{runbook, why}]}',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  paramedic simulate alerts.json\n  paramedic simulate monday.json tuesday.json --json --runbooks my-runbooks',
    )
    .action((files: string[], options: { runbooks: string; json?: true }) => {
      const { runbooks, faults } = loadRunbooks(options.runbooks);
      if (faults.length > 0)
        throw new Error(`Cannot simulate with faulty runbooks:\n${faults.map((one) => `  ${faultText(one)}`).join('\n')}`);
      // Every file is read before anything is printed: a faulty one leaves no half of an answer behind.
      const lines = files.flatMap(readAlerts).map((alert) => simulate(alert, runbooks));
      process.stdout.write(lines.map((line) => `${options.json ? JSON.stringify(line) : simulationText(line)}\n`).join(''));
    });
}

/** Names come from alerts; none may write to the terminal. */
function simulationText({ alert, target, reason, runbook: chosen, why, others }: Simulation): string {
  const lines = [
    `${alert || '(no name)'}${target ? ` (${target})` : ''}: ${reason}`,
    ...(why ? [`  ${chosen} ${why}`] : []),
    ...others.map((other) => `  ${other.runbook} ${other.why}`),
  ];
  return lines.map((line) => line.replace(/\p{Cc}/gu, ' ')).join('\n');
}
