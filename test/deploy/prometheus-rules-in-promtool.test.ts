import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { createObtainer } from '../../sandbox/obtain.ts';

jest.setTimeout(180_000);

const RULES = join(import.meta.dirname, '..', '..', 'deploy', 'prometheus', 'paramedic-rules.yaml');
const OPERATIONS = join(import.meta.dirname, '..', '..', 'docs', 'operations.md');
const PLAYS = join(import.meta.dirname, 'paramedic-rules.unit.yaml');

let promtool: string;

beforeAll(async () => {
  promtool = await createObtainer({ progress: (line) => process.stderr.write(`${line}\n`) }).program('promtool');
}, 3_600_000);

/** What promtool says; its failures are errors that tell what it found. */
async function said(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(promtool, args);
  return `${stdout}${stderr}`;
}

describe('the alerts about Paramedic itself, as promtool reads them', () => {
  it('are well written', async () => {
    const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: { rules: object[] }[] };
    expect(await said('check', 'rules', RULES)).toContain(`SUCCESS: ${groups[0]!.rules.length} rules found`);
  });

  it('fire when they should and not before, and say what is wrong in a sentence (safety 31)', async () => {
    expect(await said('test', 'rules', PLAYS)).toContain('SUCCESS');
  });

  it('are played, and told of, each of them', () => {
    const names = (file: string, of: RegExp) => [...new Set([...readFileSync(file, 'utf8').matchAll(of)].map(([, name]) => name))].sort();
    const alerts = names(RULES, /alert: (\w+)/g);
    expect(names(PLAYS, /alertname: (\w+)/g)).toEqual(alerts);
    expect(names(OPERATIONS, /^\| `(Paramedic\w+)` \|/gm)).toEqual(alerts);
  });
});
