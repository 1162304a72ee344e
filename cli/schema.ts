import type { Command } from 'commander';
import { z } from 'zod';
import { Runbook } from '../runbooks/schema.ts';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of a runbook, for editors')
    .action(() => console.log(JSON.stringify(z.toJSONSchema(Runbook, { io: 'input' }), null, 2)));
}
