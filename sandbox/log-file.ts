import { readFileSync } from 'node:fs';

const LAST_LINES = 15;

/** How a log ends, for an error to quote. */
export function lastLines(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}
