import { obtain } from '../sandbox/obtain.ts';

/** The Temporal server the tests run against. */
export function temporalProgram(): Promise<string> {
  return obtain('temporal', (line) => process.stderr.write(`${line}\n`));
}
