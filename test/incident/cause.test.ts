import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CAUSES } from '../../incident/cause.ts';

describe('the causes', () => {
  it('stand in the docs, each with what is meant by it, and no others', () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'causes.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, cause, meaning]) => [cause, meaning]);
    expect(Object.fromEntries(rows)).toEqual(CAUSES);
  });
});
