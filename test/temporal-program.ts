import { createObtainer } from '../sandbox/obtain.ts';

/** The Temporal server the tests run against. */
export function temporalProgram(): Promise<string> {
  return createObtainer({ progress: (line) => process.stderr.write(`${line}\n`) }).program('temporal');
}
