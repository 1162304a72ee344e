import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { RunbookFault } from './fault.ts';
import { LimitsFile } from './limits.ts';
import { Runbook } from './schema.ts';

/** The file of a folder of runbooks that holds the limits of the cluster and of its namespaces. */
const LIMITS_FILE = /^limits\.ya?ml$/;

/** The runbooks and limits of a folder, and every fault found in it. */
export interface LoadedRunbooks {
  readonly runbooks: readonly Runbook[];
  readonly limits: LimitsFile;
  readonly faults: readonly RunbookFault[];
}

/**
 * Reads every `.yaml` and `.yml` file of a folder; all faults are told at once.
 * @throws when the folder cannot be read or holds no runbook.
 */
export function loadRunbooks(folder: string): LoadedRunbooks {
  const files = filesOf(folder);
  const ofRunbooks = files.filter((file) => !LIMITS_FILE.test(basename(file)));
  if (ofRunbooks.length === 0) throw new Error(`Cannot find any runbook in ${folder}: it holds no .yaml file but limits.`);
  const parsed = ofRunbooks.map((file) => parseRunbook(file, readFileSync(file, 'utf8')));
  const ofLimits = files.filter((file) => LIMITS_FILE.test(basename(file)));
  const limits = ofLimits.map((file) => parseLimits(file, readFileSync(file, 'utf8')));
  return {
    runbooks: parsed.flatMap((one) => one.runbooks),
    limits: limits[0]?.limits ?? LimitsFile.parse({}),
    faults: [
      ...parsed.flatMap((one) => one.faults),
      ...repeatedNames(parsed),
      ...limits.flatMap((one) => one.faults),
      ...repeatedLimits(ofLimits),
    ],
  };
}

/** One file's runbook, and where its name stands. */
interface ParsedRunbook extends Pick<LoadedRunbooks, 'runbooks' | 'faults'> {
  readonly name: RunbookFault | null;
}

/** Parses one runbook; `file` is only for the faults' places. */
export function parseRunbook(file: string, text: string): ParsedRunbook {
  const { value, faults, placeOf } = parseYaml(file, text, Runbook);
  return value === null ? { runbooks: [], name: null, faults } : { runbooks: [value], name: placeOf(['name']), faults };
}

/** Parses the limits of cluster and namespaces; `file` is only for the faults' places. Faulty ones are as shipped, and told. */
export function parseLimits(file: string, text: string): Pick<LoadedRunbooks, 'limits' | 'faults'> {
  // A file of which everything is commented out says nothing.
  const { value, faults } = parseYaml(file, text, LimitsFile.nullable());
  return { limits: value ?? LimitsFile.parse({}), faults };
}

/** One file against its schema: all faults at once, each with its place. */
function parseYaml<S extends z.ZodType>(file: string, text: string, schema: S) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number, path: readonly PropertyKey[], message: string): RunbookFault => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, path: path.join('.'), message };
  };
  const placeOf = (path: readonly PropertyKey[], message = '') => at(offsetOf(document, path), path, message);
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => at(pos[0], [], message.split(/ at line \d|\n/)[0]!));
    return { value: null, faults, placeOf };
  }
  const result = schema.safeParse(contentOf(document));
  if (result.success) return { value: result.data as z.infer<S>, faults: [], placeOf };
  const faults = result.error.issues.flatMap((issue) => {
    if (issue.code === 'invalid_key') return [placeOf(issue.path, issue.issues[0]!.message)];
    if (issue.code !== 'unrecognized_keys') return [placeOf(issue.path, issue.message)];
    return issue.keys.map((key) => placeOf([...issue.path, key], `Unrecognized key: "${key}"`));
  });
  return { value: null, faults, placeOf };
}

/** Of two files one would go unread, and nobody could say which. */
function repeatedLimits([first, ...others]: readonly string[]): RunbookFault[] {
  return others.map((file) => ({
    file,
    line: 1,
    column: 1,
    path: '',
    message: `limits are in ${first} already; only one file may give them`,
  }));
}

function filesOf(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist' : (error as Error).message;
    throw new Error(`Cannot read the runbooks' folder ${folder}: ${why}.`, { cause: error });
  }
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  if (files.length === 0) throw new Error(`Cannot find any runbook in ${folder}: it holds no .yaml file.`);
  return files.map((name) => join(folder, name));
}

/** Undefined for what has no value, such as aliases nested until nothing could hold them; the schema then says what is missing. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

/** Where the node at the path begins; for a missing one, where its nearest parent does. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function repeatedNames(parsed: readonly ParsedRunbook[]): RunbookFault[] {
  const firstFile = new Map<string, string>();
  return parsed.flatMap(({ runbooks: [runbook], name }) => {
    if (!runbook || !name) return [];
    const first = firstFile.get(runbook.name);
    if (first === undefined) firstFile.set(runbook.name, name.file);
    return first === undefined ? [] : [{ ...name, message: `"${runbook.name}" is already the name of ${first}; names must be unique` }];
  });
}
