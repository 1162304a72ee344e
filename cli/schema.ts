import type { Command } from 'commander';
import { z } from 'zod';
import { LimitsFile } from '../runbooks/limits.ts';
import { Runbook } from '../runbooks/schema.ts';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of a runbook, or of limits.yaml, for editors')
    .option('--limits', 'of limits.yaml instead of a runbook')
    .addHelpText(
      'after',
      `
Examples:
  paramedic schema > runbook.schema.json
  paramedic schema --limits > limits.schema.json
and as the first line of a runbook, or of limits.yaml, for editors with a YAML language server:
  # yaml-language-server: $schema=runbook.schema.json`,
    )
    .action(({ limits }: { limits?: true }) => {
      const [title, of] = limits ? ['Paramedic limits', LimitsFile] : ['Paramedic runbook', Runbook];
      const schema = { title, ...z.toJSONSchema(of, { io: 'input' }) };
      process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    });
}
