import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CONDITIONS } from '../../watch/symptom.ts';

const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'watch.md'), 'utf8');

/** Rows of the table of conditions; several conditions of one row have one time in common, or each its own. */
const documented = text
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 6 && cells[1]?.startsWith('`') && /^[\d, ]+$/.test(cells[3] ?? ''))
  .flatMap(([, names = '', , hold = '', gone = '']) => {
    const holds = hold.split(', ');
    return [...names.matchAll(/`(\w+)`/g)].map(([, name], index) => [name, Number(holds[index] ?? holds[0]), Number(gone)]);
  });

describe('docs/watch.md', () => {
  it('names every condition with its times, and none besides', () => {
    const real = Object.entries(CONDITIONS).map(([name, { holdSeconds, goneSeconds }]) => [name, holdSeconds, goneSeconds]);
    expect(documented.sort()).toEqual(real.sort());
  });
});
