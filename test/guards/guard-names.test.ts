import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GUARDS } from '../../guards/permit.ts';

describe('the guards', () => {
  it('are those that the README tells of, each with what it refuses', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
    const [, table] = /\| guard \| refuses \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(readme)!;
    const cells = table!.split('\n').flatMap((row) => /^\| (.+?) \| .+ \|$/.exec(row)?.[1] ?? []);
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));
    expect(named.sort()).toEqual([...GUARDS].sort());
  });
});
