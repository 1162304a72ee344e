#!/usr/bin/env node
import { paramedicProgram } from './program.ts';

try {
  await paramedicProgram().parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
// The Temporal SDK's native part would keep a process alive that has nothing left to do. What was printed is flushed first.
process.stdout.write('', () => process.exit());
