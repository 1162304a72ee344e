import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { Runbook } from './schema.ts';

/** The runbooks of a folder, or every fault found in it as `file:line:column path: what is wrong`. */
export interface LoadedRunbooks {
  readonly runbooks: readonly Runbook[];
  readonly faults: readonly string[];
}

/** Reads every `.yaml` file of a folder; all faults are told at once. */
export function loadRunbooks(folder: string): LoadedRunbooks {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  const parsed = files.map((file) => parseRunbook(join(folder, file), readFileSync(join(folder, file), 'utf8')));
  const runbooks = parsed.flatMap((one) => one.runbooks);
  return { runbooks, faults: [...parsed.flatMap((one) => one.faults), ...repeatedNames(runbooks)] };
}

/** Parses one runbook; `file` is only for the faults' places. */
export function parseRunbook(file: string, text: string): LoadedRunbooks {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `${file}:${line}:${col} ${error.message.split('\n')[0]}`;
    });
    return { runbooks: [], faults };
  }
  const result = Runbook.safeParse(document.toJS());
  if (result.success) return { runbooks: [result.data], faults: [] };
  const faults = result.error.issues.map((issue) => {
    const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
    const { line, col } = lines.linePos(offsetOf(document, path));
    return `${file}:${line}:${col} ${path.join('.') || '(root)'}: ${issue.message}`;
  });
  return { runbooks: [], faults };
}

/** Where the node at the path begins; for a missing one, where its nearest parent does. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function repeatedNames(runbooks: readonly Runbook[]): string[] {
  const seen = new Set<string>();
  return runbooks.flatMap(({ name }) => {
    if (seen.has(name)) return [`runbook name "${name}" stands more than once; names must be unique`];
    seen.add(name);
    return [];
  });
}
