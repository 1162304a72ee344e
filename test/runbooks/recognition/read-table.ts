import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One alert rule of a public collection, and what an engineer on call says it is. */
export interface LabelledRule {
  /** Which of the sets it was labelled in; each but the first before the runbooks were tried on it. */
  readonly set: string;
  readonly source: string;
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Null for what is none of ours. */
  readonly failureType: string | null;
  /** Metrics of its expression, as far as they were written down. */
  readonly reads: readonly string[];
}

/** Reads `rules.csv`: `set,source,alert,labels,failureType,why,reads`; labels are `name=value` and, as what it reads, joined by semicolons. */
export function readRules(): LabelledRule[] {
  const [, ...lines] = readFileSync(join(import.meta.dirname, 'rules.csv'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const [set = '', source = '', alert = '', labels = '', failureType = '', , reads = ''] = line.split(',');
    return {
      set,
      source,
      alert,
      labels: Object.fromEntries(parts(labels).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
      failureType: failureType || null,
      reads: parts(reads),
    };
  });
}

function parts(text: string): string[] {
  return text.split(';').filter((part) => part !== '');
}
