import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One alert rule of a public collection, and what an engineer on call says it is. */
export interface LabelledRule {
  readonly source: string;
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Null for what is none of ours. */
  readonly failureType: string | null;
}

/** Reads a table of this folder: `source,alert,labels,failureType,why`, with labels as `name=value` joined by semicolons. */
export function readTable(file: string): LabelledRule[] {
  const [, ...lines] = readFileSync(join(import.meta.dirname, file), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const [source = '', alert = '', labels = '', failureType = ''] = line.split(',');
    const pairs = labels.split(';').filter((pair) => pair !== '');
    return {
      source,
      alert,
      labels: Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
      failureType: failureType || null,
    };
  });
}
