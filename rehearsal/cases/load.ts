import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RunbookFault } from '../../runbooks/fault.ts';
import { CASES_FILE, parseRunbook, parseYaml } from '../../runbooks/load.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { unfitWords } from './kind-of.ts';
import { CasesFile } from './schema.ts';

/** The cases of one file, and the runbook beside it. */
export interface LoadedCases {
  readonly file: string;
  /** Null where it has a fault of its own. */
  readonly runbook: Runbook | null;
  /** Null where it has a fault. */
  readonly cases: CasesFile | null;
  readonly faults: readonly RunbookFault[];
}

/** The files of cases in a folder. */
export function casesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => CASES_FILE.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Reads a file of cases; all faults are told at once. */
export function loadCases(file: string): LoadedCases {
  const { value, faults, placeOf } = parseYaml(file, readFileSync(file, 'utf8'), CasesFile);
  const beside = runbookBeside(file);
  if (beside === null) {
    const [name] = basename(file).split(CASES_FILE);
    return { file, runbook: null, cases: value, faults: [...faults, placeOf([], `there is no runbook ${name}.yaml beside it`)] };
  }
  const [runbook = null] = parseRunbook(beside, readFileSync(beside, 'utf8')).runbooks;
  const unfit = (value?.cases ?? []).flatMap((one, index) =>
    runbook === null ? [] : unfitWords(one, runbook).map(({ path, message }) => placeOf(['cases', index, ...path], message)),
  );
  return { file, runbook, cases: value, faults: [...faults, ...unfit] };
}

function runbookBeside(file: string): string | null {
  const [name] = basename(file).split(CASES_FILE);
  const there = ['.yaml', '.yml'].map((ending) => join(dirname(file), `${name}${ending}`)).find((path) => existsSync(path));
  return there ?? null;
}
