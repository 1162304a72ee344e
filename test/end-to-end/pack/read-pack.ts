import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { Scenario } from './schema.ts';

/** A scenario and the file it is in, from the pack's folder. */
export interface PackedScenario extends Scenario {
  readonly file: string;
}

/**
 * Reads every YAML file below a folder.
 * @throws with every fault of every file, each with its field.
 */
export function readPack(folder: string): PackedScenario[] {
  if (!existsSync(folder)) throw new Error(`Cannot read the scenarios' folder ${folder}: it does not exist.`);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .sort();
  if (files.length === 0) throw new Error(`Cannot find a scenario in ${folder}: it holds no .yaml file.`);
  const faults: string[] = [];
  const scenarios = files.flatMap((file) => {
    const read = parseScenario(file, readFileSync(join(folder, file), 'utf8'));
    faults.push(...read.faults.map((fault) => join(relative('.', folder), fault)));
    return read.scenario ? [{ ...read.scenario, file }] : [];
  });
  faults.push(...namedTwice(scenarios));
  if (faults.length > 0) throw new Error(`These scenarios cannot be run:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return scenarios;
}

/** One file's scenario, or what is wrong with it: `FILE: FIELD: MESSAGE`. */
export function parseScenario(file: string, text: string): { readonly scenario: Scenario | null; readonly faults: readonly string[] } {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) return { scenario: null, faults: [`${file}: ${broken.message.split('\n')[0]}`] };
  const result = Scenario.safeParse(document.toJS());
  if (result.success) return { scenario: result.data, faults: [] };
  return { scenario: null, faults: result.error.issues.map((issue) => `${file}: ${fieldOf(issue)}: ${issue.message}`) };
}

function fieldOf({ path }: z.core.$ZodIssue): string {
  return path.join('.') || '(the whole file)';
}

function namedTwice(scenarios: readonly PackedScenario[]): string[] {
  return scenarios.flatMap(({ name, file }, index) => {
    const first = scenarios.findIndex((one) => one.name === name);
    return first < index ? [`${file}: name: ${scenarios[first]?.file} has the same name "${name}"`] : [];
  });
}
