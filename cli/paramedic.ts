#!/usr/bin/env node
import { Command } from 'commander';
import { addDemo } from './demo.ts';
import { addLint } from './lint.ts';
import { addSandbox } from './sandbox.ts';
import { addSchema } from './schema.ts';
import { addSimulate } from './simulate.ts';
import { addUp } from './up.ts';

const program = new Command('paramedic').description('Heals machine-learning platforms, and says why.').showHelpAfterError();
for (const add of [addUp, addDemo, addSandbox, addLint, addSchema, addSimulate]) add(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
