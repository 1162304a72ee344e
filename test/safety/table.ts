import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeclaredTest } from './declared.ts';
import { bare } from './title.ts';

/** Where the properties stand, from the checkout's root: the one list of them. */
export const TABLE = join('docs', 'safety.md');

/** One property, as its row says it. */
export interface Property {
  readonly number: number;
  readonly text: string;
  /** The row's third cell, as it is written. */
  readonly tests: string;
}

export function readTable(checkout: string): Property[] {
  return parseTable(readFileSync(join(checkout, TABLE), 'utf8'));
}

/** @throws when a number stands twice, or no property is found. */
export function parseTable(markdown: string): Property[] {
  const rows = markdown.split('\n').flatMap((line) => {
    const [, number, text, tests] = /^\| (\d+) \| (.*?) \| (.*)\|$/.exec(line) ?? [];
    return number === undefined ? [] : [{ number: Number(number), text: text ?? '', tests: (tests ?? '').trim() }];
  });
  const twice = rows.find(({ number }, index) => rows.findIndex((one) => one.number === number) < index);
  if (twice) throw new Error(`Cannot read ${TABLE}: property ${twice.number} has two rows; keep one.`);
  if (rows.length === 0) throw new Error(`Cannot read ${TABLE}: it has no row such as "| 1 | what must hold | tests |".`);
  return rows;
}

/** What the third cell of a property's row must say: its tests, each with its file. */
export function testsCell(property: number, declared: readonly DeclaredTest[]): string {
  return declared
    .filter(({ properties }) => properties.includes(property))
    .map(({ file, name }) => `\`${file}\`: ${bare(name).replaceAll('|', '\\|')}`)
    .join('<br>');
}

/** The same document with every third cell as it must be. */
export function withTests(markdown: string, declared: readonly DeclaredTest[]): string {
  return markdown.replace(/^\| (\d+) \| (.*?) \| .*\|$/gm, (_row, number: string, text: string) =>
    `| ${number} | ${text} | ${testsCell(Number(number), declared)} |`.replace(/ {2}\|$/, ' |'),
  );
}
