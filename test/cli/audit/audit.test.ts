import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { runParamedic } from '../run-paramedic.ts';
import { MORNING, writeMorning } from './made-trail.ts';

let folder: string;
let file: string;
let hashes: readonly string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-audit-'));
  file = join(folder, 'audit.jsonl');
  hashes = writeMorning(file);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = () => readFileSync(file, 'utf8').trim().split('\n');
const audit = (...args: string[]) => runParamedic(['audit', ...args], { PARAMEDIC_AUDIT_LOG: file });

describe('audit verify', () => {
  it('says that a trail is whole, of how many lines, and what it cannot tell', async () => {
    const { code, out } = await audit('verify');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Whole: ${MORNING.length} lines of 1 writer, from .* to .*, in ${file}\\.\n`));
    expect(out).toContain('Whether its end was cut off the histories of incidents can tell: add --temporal.');
  });

  it('names the first line that is broken and what is wrong, and ends with 1', async () => {
    writeFileSync(file, `${lines().toSpliced(6, 1).join('\n').replace('bad-release', 'bad-relaese')}\n`);
    const { code, out } = await audit('verify');
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^Broken: 2 of ${MORNING.length - 1} lines of 1 writer`));
    expect(out.split('\n')[1]).toBe(`${file}:3 changed: Line 3 is not as it was written.`);
    expect(out.split('\n')[2]).toBe(`${file}:7 missing: A line of its writer is missing before line 7.`);
  });

  it('tells all of it as one JSON document', async () => {
    writeFileSync(file, `${lines().slice(1).join('\n')}\n`);
    const { code, out } = await audit('verify', file, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      isWhole: false,
      lines: MORNING.length - 1,
      writers: 1,
      faults: [{ file, line: 1, kind: 'missing' }],
      histories: null,
    });
  });

  it('says which file it cannot read, and where to look', async () => {
    const { code, err } = await audit('verify', join(folder, 'away.jsonl'));
    expect(code).toBe(1);
    expect(err).toBe(
      `Cannot read the audit trail ${join(folder, 'away.jsonl')}: it does not exist. Name its file, or set PARAMEDIC_AUDIT_LOG; it is where the worker runs.\n`,
    );
  });
});

describe('audit export', () => {
  it('prints the lines of a period as they stand, which can be checked as an excerpt', async () => {
    const { code, out, err } = await audit('export', '--from', '2026-03-02T08:05:00Z', '--to', '2026-03-02T08:06:00Z');
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toEqual(lines().slice(6, 9));
    expect(err).toBe('3 lines. Check them with "paramedic audit verify --excerpt".\n');
    writeFileSync(file, out);
    expect((await audit('verify', '--excerpt')).out).toMatch(
      /^As written: 3 lines, .* Whether lines are missing an excerpt cannot tell\.\n$/,
    );
    writeFileSync(file, out.replace('eve', 'eva'));
    expect((await audit('verify', '--excerpt')).code).toBe(1);
  });

  it('writes those of one incident into a file, which must not be there yet', async () => {
    const output = join(folder, 'ranker.jsonl');
    const args = ['export', '--incident', 'outage/local/ml/Deployment/ranker', '--output', output];
    expect((await audit(...args)).code).toBe(0);
    const incidents = readFileSync(output, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).incident);
    expect(new Set(incidents)).toEqual(new Set(['outage/local/ml/Deployment/ranker']));
    expect(incidents).toHaveLength(MORNING.filter(({ incident }) => incident === incidents[0]).length);
    const again = await audit(...args);
    expect({ code: again.code, err: again.err }).toEqual({
      code: 1,
      err: `Cannot write into ${output}: it is there already; name another file.\n`,
    });
  });

  it('says how many of them are not as they were written, and ends with 1', async () => {
    writeFileSync(file, `${lines().join('\n').replace('"anna"', '"anne"')}\nNo entry.\n`);
    const { code, out, err } = await audit('export');
    expect(out.trim().split('\n')).toHaveLength(MORNING.length);
    expect(err).toContain('; not as it was written: 1 line of them; left out, since it is no entry: 1 line of the trail.');
    expect(code).toBe(1);
  });

  it.each([
    ['a time that is none', ['--from', 'yesterday'], 2, /--from <time>.* so long ago, such as 24h or 7d, or a time such as 2026-03-01/],
    [
      'a period that ends before it begins',
      ['--from', '1h', '--to', '2h'],
      1,
      /^The period ends at .*, and begins at .*: --from must be before --to\.\n$/,
    ],
  ])('refuses %s', async (_, args, expected, why) => {
    const { code, out, err } = await audit('export', ...args);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(why);
  });
});

describe('audit report', () => {
  const period = ['--from', '2026-03-02', '--to', '2026-03-03'];

  it('is printed in Markdown, with links to the Web UI where that is known', async () => {
    const args = ['audit', 'report', ...period];
    const { code, out } = await runParamedic(args, { PARAMEDIC_AUDIT_LOG: file, TEMPORAL_UI_URL: 'https://ui.example' });
    expect(code).toBe(0);
    expect(out).toMatch(/^# Paramedic: what was decided and done from 2026-03-02 00:00 UTC to 2026-03-03 00:00 UTC\n/);
    expect(out).toContain('(<https://ui.example/namespaces/default/workflows/outage%2Flocal%2Fml%2FDeployment%2Franker/r1>)');
    expect((await audit('report', ...period)).out).not.toContain('Web UI');
  });

  it('is written into a file in HTML, of the last seven days where nothing is said', async () => {
    const output = join(folder, 'report.html');
    const { code, out, err } = await audit('report', '--format', 'html', '--output', output);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: `The report is in ${output}.\n` });
    expect(readFileSync(output, 'utf8')).toContain('The trail tells of no incident in this period.');
  });
});

describe('audit schema', () => {
  it('takes every line of a trail, and nothing that has anything else', async () => {
    const { out } = await audit('schema');
    const schema = JSON.parse(out);
    expect(schema).toMatchObject({ title: 'Line of the audit trail of Paramedic', type: 'object', additionalProperties: false });
    const parser = z.fromJSONSchema(schema);
    for (const line of lines()) expect(parser.safeParse(JSON.parse(line)).success).toBe(true);
    const first = JSON.parse(lines()[0]!);
    expect(first.hash).toBe(hashes[0]);
    for (const other of [
      { ...first, more: 1 },
      { ...first, step: 'Slept' },
      { ...first, hash: 'x' },
      { ...first, seq: 0 },
    ])
      expect(parser.safeParse(other).success).toBe(false);
  });
});
