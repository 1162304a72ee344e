import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { casesIn, type LoadedCases, loadCases } from '../../rehearsal/cases/load.ts';
import { type CaseResult, type ReadyCase, runCases } from '../../rehearsal/cases/run-cases.ts';
import { timelineLines } from '../../rehearsal/step-text.ts';
import { faultText } from '../../runbooks/fault.ts';
import { CASES_FILE, type LoadedRunbooks, loadRunbooks } from '../../runbooks/load.ts';
import { counted } from '../counted.ts';
import { USAGE_EXIT_CODE } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { openProgress } from '../progress.ts';
import { onStage } from './on-stage.ts';

/** What `test` takes. */
export interface CasesOptions {
  readonly json?: true;
  readonly verbose?: true;
}

/** Plays the cases of some runbooks, and prints what came of them. */
export async function printCases(paths: readonly string[], { json, verbose }: CasesOptions): Promise<void> {
  const files = [...new Set(paths.flatMap(filesOf))];
  const all = files.map(loadCases);
  const folders = new Map([...new Set(files.map((file) => dirname(file)))].map((folder) => [folder, loadRunbooks(folder)]));
  const faults = [...[...folders.values()].flatMap((one) => one.faults), ...all.flatMap((one) => one.faults)];
  if (faults.length > 0) throw new Error(`Cannot test with faulty files:\n${faults.map((one) => `  ${faultText(one)}`).join('\n')}`);
  if (files.length === 0) {
    process.stderr.write(`There is no case in ${paths.join(', ')}: cases of NAME.yaml are in NAME.test.yaml beside it.\n`);
    process.exitCode = USAGE_EXIT_CODE;
    return;
  }
  const results = await playAll(all, folders);
  process.stdout.write(json ? `${JSON.stringify({ cases: results })}\n` : casesText(results, verbose === true));
  if (results.some(({ passed }) => !passed)) process.exitCode = 1;
}

async function playAll(all: readonly LoadedCases[], folders: ReadonlyMap<string, LoadedRunbooks>): Promise<readonly CaseResult[]> {
  const progress = openProgress(
    'Playing the cases',
    all.reduce((sum, { cases }) => sum + (cases?.cases.length ?? 0), 0),
  );
  return onStage(async (stage) => {
    const results: CaseResult[] = [];
    for (const [folder, loaded] of folders) {
      const ready = all.filter(({ file }) => dirname(file) === folder).flatMap(readyCases);
      results.push(...(await runCases(stage, ready, loaded, () => progress.advance(1))));
    }
    return results;
  });
}

function readyCases({ file, runbook, cases }: LoadedCases): ReadyCase[] {
  if (runbook === null || cases === null) return [];
  return cases.cases.map((one) => ({ file, runbook, settings: cases, one }));
}

/** The files of cases that a path means. @throws when there is no such path */
function filesOf(path: string): readonly string[] {
  if (!existsSync(path)) throw new Error(`Cannot test ${path}: it does not exist.`);
  if (statSync(path).isDirectory()) return casesIn(path);
  if (CASES_FILE.test(path)) return [path];
  const beside = path.replace(/\.ya?ml$/, '.test.yaml');
  return [beside, beside.replace(/\.yaml$/, '.yml')].filter((file) => existsSync(file)).slice(0, 1);
}

/** What came of the cases: a line each, with the whole course of those that did not pass. */
export function casesText(results: readonly CaseResult[], verbose: boolean): string {
  const failed = results.filter(({ passed }) => !passed).length;
  const lines = results.flatMap((result) => [
    `${result.passed ? 'ok  ' : 'FAIL'} ${result.file}: ${result.name}`,
    ...(result.passed && !verbose ? [] : courseLines(result)),
  ]);
  const end =
    failed === 0
      ? `${counted(results.length, 'case')}, all as expected.`
      : `${failed} of ${counted(results.length, 'case')} not as expected.`;
  return `${[...lines, end].map(printable).join('\n')}\n`;
}

function courseLines({ misses, timeline, waits }: CaseResult): readonly string[] {
  return [
    ...misses.map(({ what, expected, was }) => `       ${what}: expected ${expected}, but was ${was}`),
    ...timelineLines(timeline, waits).map((line) => `     | ${line}`),
  ];
}
