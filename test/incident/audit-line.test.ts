import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AuditLine } from '../../incident/audit-line.ts';

describe('docs/audit.md', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'audit.md'), 'utf8');

  it('tells every field of a line', () => {
    for (const field of Object.keys(AuditLine.shape)) expect(text).toContain(`\`${field}\``);
  });

  it('tells every step, and no other', () => {
    const told = [...text.matchAll(/^\| `([A-Z]\w+)` \|/gm)].map(([, step]) => step);
    expect(told).toEqual(AuditLine.shape.step.options);
  });
});
