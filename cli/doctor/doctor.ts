import type { Command } from 'commander';
import { defaultStateFolder } from '../state-folder.ts';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check every connection and permission, and say how to mend each; changes nothing')
    .option('--data <folder>', 'state folder of "paramedic up"', defaultStateFolder(process.env))
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nEnds with exit code 1 when a check fails.\n\nExamples:\n  paramedic doctor\n  paramedic doctor --json')
    .action(async ({ data, json }: { data: string; json?: true }) => {
      const { doctorText, examine, isHealthy } = await import('./examine.ts');
      const findings = await examine(process.env, data);
      process.stdout.write(json ? `${JSON.stringify({ healthy: isHealthy(findings), findings })}\n` : doctorText(findings));
      if (!isHealthy(findings)) process.exitCode = 1;
    });
}
