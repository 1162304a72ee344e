import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { RunbookFault } from './fault.ts';
import { Runbook } from './schema.ts';

/** The runbooks of a folder, and every fault found in it. */
export interface LoadedRunbooks {
  readonly runbooks: readonly Runbook[];
  readonly faults: readonly RunbookFault[];
}

/**
 * Reads every `.yaml` and `.yml` file of a folder; all faults are told at once.
 * @throws when the folder cannot be read or holds no runbook.
 */
export function loadRunbooks(folder: string): LoadedRunbooks {
  const parsed = filesOf(folder).map((file) => parseRunbook(file, readFileSync(file, 'utf8')));
  return {
    runbooks: parsed.flatMap((one) => one.runbooks),
    faults: [...parsed.flatMap((one) => one.faults), ...repeatedNames(parsed)],
  };
}

/** One file's runbook, and where its name stands. */
interface ParsedRunbook extends LoadedRunbooks {
  readonly name: RunbookFault | null;
}

/** Parses one runbook; `file` is only for the faults' places. */
export function parseRunbook(file: string, text: string): ParsedRunbook {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number, path: readonly PropertyKey[], message: string): RunbookFault => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, path: path.join('.'), message };
  };
  if (document.errors.length > 0) {
    return {
      runbooks: [],
      name: null,
      faults: document.errors.map(({ pos, message }) => at(pos[0], [], message.split(/ at line \d|\n/)[0]!)),
    };
  }
  const result = Runbook.safeParse(contentOf(document));
  if (result.success) return { runbooks: [result.data], faults: [], name: at(offsetOf(document, ['name']), ['name'], '') };
  const faults = result.error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [at(offsetOf(document, issue.path), issue.path, issue.message)];
    return issue.keys.map((key) => at(offsetOf(document, [...issue.path, key]), [...issue.path, key], `Unrecognized key: "${key}"`));
  });
  return { runbooks: [], faults, name: null };
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

/** Null for what has no value, such as aliases nested until nothing could hold them; the schema then says what is missing. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    return null;
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
