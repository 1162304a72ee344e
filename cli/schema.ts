import type { Command } from 'commander';
import { z } from 'zod';
import { Runbook } from '../runbooks/schema.ts';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of a runbook, for editors')
    .addHelpText(
      'after',
      `
Example:
  paramedic schema > runbook.schema.json
and as a runbook's first line, for editors with a YAML language server:
  # yaml-language-server: $schema=runbook.schema.json`,
    )
    .action(() => {
      const schema = { title: 'Paramedic runbook', ...z.toJSONSchema(Runbook, { io: 'input' }) };
      process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    });
}
