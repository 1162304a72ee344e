import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Alert } from '../incident/alert.ts';
import { loadRunbooks } from '../runbooks/load.ts';
import { matchRunbook } from '../runbooks/match.ts';
import type { Runbook } from '../runbooks/schema.ts';

const Labelled = z.object({
  status: z.enum(['firing', 'resolved']).default('firing'),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()).default({}),
});
const File = z.union([z.array(Labelled), z.object({ alerts: z.array(Labelled) }).transform(({ alerts }) => alerts)]);

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('say what would be done about alerts, touching nothing')
    .argument('<files...>', 'Alertmanager bodies, or arrays of {labels, annotations}, as JSON')
    .option('--runbooks <folder>', 'where the runbooks are', 'runbooks')
    .option('--json', 'print one JSON line per alert')
    .action((files: string[], options: { runbooks: string; json?: true }) => {
      const { runbooks, faults } = loadRunbooks(options.runbooks);
      if (faults.length > 0) throw new Error(`Cannot simulate with faulty runbooks:\n${faults.join('\n')}`);
      for (const alert of files.flatMap(readAlerts)) {
        const line = simulate(alert, runbooks);
        console.log(options.json ? JSON.stringify(line) : `${line.alert}: ${line.reason}`);
      }
    });
}

/** What would be done about one alert, as far as it can be told without asking a cluster. */
function simulate(alert: Alert, runbooks: readonly Runbook[]) {
  const runbook = matchRunbook(alert, runbooks);
  const { namespace, pod, deployment } = alert.labels;
  const subject = deployment ? `Deployment/${deployment}` : pod ? `Pod/${pod}` : null;
  const target = namespace && subject ? `${namespace}/${subject}` : null;
  return {
    alert: alert.name,
    failureType: runbook?.failureType ?? null,
    runbook: runbook?.name ?? null,
    target,
    mode: runbook?.mode ?? null,
    remedies: runbook?.remedies ?? [],
    reason: reasonFor(alert, runbook, target),
  };
}

function reasonFor(alert: Alert, runbook: Runbook | null, target: string | null): string {
  if (!runbook) return `no runbook matches the alert "${alert.name}"`;
  if (!target)
    return `runbook ${runbook.name} matches, but the labels name no namespace with a pod or deployment, so nothing would be done`;
  return `runbook ${runbook.name} matches; in ${runbook.mode} mode it would ${runbook.remedies.join(', then ') || 'hand over to a person'}`;
}

function readAlerts(file: string): Alert[] {
  const parsed = File.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success)
    throw new Error(`Cannot read alerts from ${file}: it is neither an Alertmanager body nor an array of {labels, annotations}.`);
  return parsed.data.map(({ status, labels, annotations }) => ({
    name: labels.alertname ?? '',
    status,
    fingerprint: '',
    labels,
    annotations,
  }));
}
