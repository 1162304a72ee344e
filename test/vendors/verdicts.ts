import type { Results, TestRun } from '../safety/judge.ts';
import type { TriedSystem } from './systems.ts';

/** What the tests of one system came to. */
export interface Verdict {
  readonly system: string;
  readonly tried: TriedSystem['tried'];
  /** At least one of its checks passed, each of its entries has one, and none failed. */
  readonly works: boolean;
  readonly passed: number;
  readonly checks: readonly TestRun[];
  /** Entries of its tests that no test of the run belongs to: misspelt, or a file that could not be run. */
  readonly silent: readonly string[];
}

export function verdictOf({ name, tried, tests }: TriedSystem, results: Results): Verdict {
  const found = tests.map((entry) => ({ entry, checks: results.tests.filter((test) => isOf(entry, test)) }));
  const ran = new Set(found.flatMap(({ checks }) => checks.filter(({ status }) => status !== 'skipped')));
  const checks = [...ran];
  const passed = checks.filter(({ status }) => status === 'passed').length;
  const silent = found.flatMap(({ entry, checks }) => (checks.some((one) => ran.has(one)) ? [] : [textOf(entry)]));
  return { system: name, tried, works: passed > 0 && passed === checks.length && silent.length === 0, passed, checks, silent };
}

function isOf(entry: TriedSystem['tests'][number], { file, name }: TestRun): boolean {
  if (typeof entry !== 'string') return file === entry.file && entry.titles.test(name);
  return entry.endsWith('/') ? file.startsWith(entry) : file === entry;
}

function textOf(entry: TriedSystem['tests'][number]): string {
  return typeof entry === 'string' ? entry : `${entry.file} ${entry.titles}`;
}

/** One line for a system, and one below it for each check that failed or could not be made. */
export function verdictLines({ system, tried, works, passed, checks, silent }: Verdict): string {
  const line = `${works ? '✓' : '✗'} ${system.padEnd(20)} ${tried.padEnd(13)} ${passed} of ${checks.length} checks passed`;
  const failed = checks.filter(({ status }) => status === 'failed').map(({ name }) => `  failed: ${name.replace(/\s+/g, ' ')}`);
  return [line, ...failed, ...silent.map((entry) => `  no test ran: ${entry}`)].join('\n');
}
