import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sealed, sha256 } from '../../../clients/audit/seal.ts';
import { openTrail } from '../../../clients/audit/trail.ts';
import { verifyTrail } from '../../../clients/audit/verify.ts';
import type { AuditEntry } from '../../../incident/audit-entry.ts';
import { AuditLine } from '../../../incident/audit-line.ts';

const CODE = { version: '0.1.0' };
const entry = (text: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: '2026-01-01T00:00:00.000Z',
  incident: 'outage/local/ml/Deployment/ranker',
  run: 'r1',
  step: 'Acting',
  text,
  ...more,
});

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-trail-'));
  file = join(folder, 'audit.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (of = file) => readFileSync(of, 'utf8');
const lines = (of = file) => text(of).split('\n').slice(0, -1);
const parsed = (of = file) => lines(of).map((line): AuditLine => AuditLine.parse(JSON.parse(line)));
const write = (...texts: string[]) => {
  const trail = openTrail(file, CODE);
  return texts.map((one) => trail.write(entry(one)));
};
const put = (...all: string[]) => writeFileSync(file, all.map((line) => `${line}\n`).join(''));
/** What is wrong, as `kind at line`. */
const faults = async (...files: string[]) =>
  (await verifyTrail(files.length > 0 ? files : [file])).faults.map(({ kind, line }) => `${kind} at ${line}`);

describe('a trail', () => {
  it('is lines that fit their schema, each with the hash of the one before it and its own, and is whole', async () => {
    const hashes = write('one', 'two', 'three');
    const [one, two, three] = parsed();
    expect([one, two, three].map((line) => line?.hash)).toEqual(hashes);
    expect([one, two, three].map((line) => line?.prev)).toEqual([null, hashes[0], hashes[1]]);
    expect([one, two, three].map((line) => line?.seq)).toEqual([1, 2, 3]);
    expect(new Set([one, two, three].map((line) => line?.writer)).size).toBe(1);
    expect(one).toMatchObject({ text: 'one', step: 'Acting', code: CODE });
    expect(await verifyTrail([file])).toMatchObject({
      faults: [],
      lines: 3,
      writers: 1,
      torn: 0,
      together: 0,
      elsewhere: [],
      from: one?.written,
    });
  });

  it('has hashes that anybody can work out: of the line without its hash, without blanks, keys sorted', () => {
    const [hash] = write('one');
    expect(sha256(text().trim().replace(`"hash":"${hash}",`, ''))).toBe(hash);
  });

  it('tells no secret in any field (safety 34)', () => {
    const secret = 'hunter2hunter2';
    const who = { id: `token=${secret}`, name: 'ann', way: 'http' as const, groups: [`api_key: ${secret}`] };
    const why = { cause: 'flake', rule: `Bearer ${secret}`, evidence: [`password=${secret}`] };
    const result = { kind: 'failed' as const, text: `postgres://app:${secret}@db is away` };
    const details = { before: `secret: ${secret}`, after: `passwd=${secret}`, alert: { name: `access_key=${secret}` } };
    openTrail(file, CODE).write(entry(`token=${secret}`, { who, why, result, ...details }));
    expect(text()).toContain('[redacted]');
    expect(text()).not.toContain(secret);
  });

  it('goes on after a restart, as another writer, from the last line', async () => {
    const [, last] = write('one', 'two');
    write('three');
    expect(parsed()[2]).toMatchObject({ seq: 1, prev: last });
    expect(await verifyTrail([file])).toMatchObject({ faults: [], lines: 3, writers: 2 });
  });

  it('that cannot be written fails, so that nothing is done without it (safety 32)', () => {
    expect(() => openTrail('/dev/full', CODE).write(entry('one'))).toThrow('ENOSPC');
    expect(() => openTrail(join(folder, 'away', 'audit.jsonl'), CODE).write(entry('one'))).toThrow('ENOENT');
  });
});

describe('a trail in which something was', () => {
  it('changed is broken at that line, whichever byte it is and whatever it becomes', async () => {
    write('one', 'two “quoted” – and 30 °', 'three', 'four');
    const whole = readFileSync(file);
    const lineOf = (at: number) => whole.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 2), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(whole);
        changed[at] = changed[at]! ^ by;
        writeFileSync(file, changed);
        const [first] = (await verifyTrail([file])).faults;
        expect(first).toMatchObject({ kind: 'changed', line: lineOf(at) });
      }),
      { numRuns: 500 },
    );
  });

  it('changed is broken also where what was changed means the same', async () => {
    write('one', 'two', 'three');
    const [one, two, three] = lines();
    for (const same of [
      two!.replace('"two"', '"\\u0074wo"'),
      ` ${two}`,
      two!.replace('"seq":2', '"seq":2.0'),
      `${two!.slice(0, -1)},"seq":2}`,
    ]) {
      expect(JSON.parse(same)).toEqual(JSON.parse(two!));
      put(one!, same, three!);
      expect(await faults()).toEqual(['changed at 2']);
    }
  });

  it('changed, and its hash worked out anew, is broken at the line after it', async () => {
    write('one', 'two', 'three', 'four');
    const [one, two, ...rest] = lines();
    const { hash: _, ...open } = { ...(JSON.parse(two!) as AuditLine), text: 'forged' };
    put(one!, sealed(open).text, ...rest);
    expect(await faults()).toEqual(['missing at 3']);
  });

  it('taken out is broken at the line after it, unless it was the end', async () => {
    write('one', 'two', 'three');
    write('four', 'five', 'six');
    const all = lines();
    for (const [out, expected] of [
      [0, 'missing at 1'],
      [1, 'missing at 2'],
      [2, 'missing at 3'],
      [3, 'missing at 4'],
      [4, 'missing at 5'],
    ] as const) {
      put(...all.toSpliced(out, 1));
      expect((await faults())[0]).toBe(expected);
    }
    put(...all.toSpliced(1, 4));
    expect(await faults()).toEqual(['missing at 2']);
    // Only the history of the incidents tells of an end that was cut off.
    put(...all.slice(0, -2));
    expect(await faults()).toEqual([]);
  });

  it('put in another order is broken at the first line that is out of it', async () => {
    write('one', 'two', 'three', 'four');
    write('five', 'six');
    const all = lines();
    for (const [from, to] of [
      [1, 2],
      [0, 1],
      [1, 3],
      [2, 4],
      [3, 5],
    ] as const) {
      put(...all.with(from, all[to]!).with(to, all[from]!));
      expect((await faults())[0]).toMatch(new RegExp(`^(reordered|missing) at ${from + 1}$`));
    }
    put(...all.with(1, all[2]!).with(2, all[1]!));
    expect(await faults()).toEqual(['reordered at 2', 'reordered at 3']);
  });

  it('put in is broken at that line: a copy, another line, or one with a hash of its own', async () => {
    write('one', 'two', 'three');
    const all = lines();
    put(...all.toSpliced(2, 0, all[0]!));
    expect(await faults()).toEqual(['inserted at 3']);
    for (const other of ['', '{}', 'Nothing happened.', '{"at":"2026-01-01T00:00:00.000Z","step":"Acting"}']) {
      put(...all.toSpliced(1, 0, other));
      expect(await faults()).toEqual(['changed at 2']);
    }
    const { hash: prev, ...one } = AuditLine.parse(JSON.parse(all[0]!));
    const forged = { ...one, writer: 'f'.repeat(16), prev, written: new Date(Date.now() - 3_600_000).toISOString() };
    put(...all.toSpliced(1, 0, sealed(forged).text));
    expect(await faults()).toEqual(['inserted at 2']);
  });
});

describe('a line that a killed process could not finish', () => {
  it('stays as it is and is told of by the next one, whose writer begins a line of its own', async () => {
    write('one', 'two');
    truncateSync(file, text().length - 30);
    const torn = text().split('\n')[1]!;
    expect(await faults()).toEqual(['torn at 2']);
    write('three');
    expect(lines()[1]).toBe(torn);
    expect(JSON.parse(lines()[2]!)).toMatchObject({ text: 'three', torn: sha256(torn) });
    expect(await verifyTrail([file])).toMatchObject({ faults: [], lines: 3, torn: 1 });
  });

  it('is bound as every other: changed, taken out or made longer, it is broken', async () => {
    write('one', 'two');
    truncateSync(file, text().length - 30);
    write('three');
    const [one, torn, three] = lines();
    put(one!, torn!.replace('two', 'too'), three!);
    expect(await faults()).toEqual(['changed at 2']);
    put(one!, three!);
    expect(await faults()).toEqual(['missing at 2']);
  });

  it('is no line where only its end is missing', async () => {
    write('one', 'two');
    truncateSync(file, text().length - 1);
    write('three');
    expect(await verifyTrail([file])).toMatchObject({ faults: [], lines: 3, torn: 1 });
  });

  it('is left where the system lets only a part of it be written, and told of the same way', async () => {
    // The system writes what still fits into four blocks, and then fails the call or kills whoever makes it.
    const script = `import { openTrail } from ${JSON.stringify(join(import.meta.dirname, '../../../clients/audit/trail.ts'))};
      const trail = openTrail(${JSON.stringify(file)}, { version: '0.1.0' });
      for (let n = 0; n < 50; n++) try { trail.write(${JSON.stringify(entry('x'.repeat(100)))}); } catch {}`;
    const command = `ulimit -f 4; exec "$0" --input-type=module -e "$1"`;
    await once(spawn('bash', ['-c', command, process.execPath, script], { stdio: 'ignore' }), 'exit');
    expect(text().endsWith('\n')).toBe(false);
    write('after');
    const verified = await verifyTrail([file]);
    expect(verified).toMatchObject({ faults: [], torn: 1, writers: 2 });
    expect(verified.lines).toBeGreaterThan(3);
  });
});

describe('two processes that write one trail', () => {
  it('leave a whole one, with every line of both', async () => {
    const script = `import { openTrail } from ${JSON.stringify(join(import.meta.dirname, '../../../clients/audit/trail.ts'))};
      const trail = openTrail(${JSON.stringify(file)}, { version: '0.1.0' });
      for (let n = 0; n < 300; n++) trail.write({ ...${JSON.stringify(entry(''))}, text: String(n) });`;
    const both = [0, 1].map(() =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'inherit'] }),
    );
    for (const child of both) if (child.exitCode === null) await once(child, 'exit');
    expect(await verifyTrail([file])).toMatchObject({ faults: [], lines: 600, writers: 2, torn: 0 });
  });
});

describe('a trail that people move away', () => {
  it('goes on in a new file that says so, and both together are whole', async () => {
    const trail = openTrail(file, CODE);
    trail.write(entry('one'));
    const last = trail.write(entry('two'));
    renameSync(file, join(folder, 'audit-1.jsonl'));
    trail.write(entry('three'));
    trail.write(entry('four'));
    expect(parsed()[0]).toMatchObject({ seq: 3, prev: null, follows: last });
    expect(parsed()[1]?.follows).toBeUndefined();
    const both = await verifyTrail([join(folder, 'audit-1.jsonl'), file]);
    expect(both).toMatchObject({ faults: [], lines: 4, writers: 1, elsewhere: [] });
    expect(await verifyTrail([file])).toMatchObject({ faults: [], elsewhere: [last] });
    expect(await faults(file, join(folder, 'audit-1.jsonl'))).not.toEqual([]);
  });

  it('goes on in the same file where it was copied and emptied', async () => {
    const trail = openTrail(file, CODE);
    const last = trail.write(entry('one'));
    copyFileSync(file, join(folder, 'audit-1.jsonl'));
    truncateSync(file, 0);
    trail.write(entry('two'));
    expect(parsed()[0]).toMatchObject({ prev: null, follows: last });
    expect(await faults(join(folder, 'audit-1.jsonl'), file)).toEqual([]);
  });

  it('is broken where lines are missing between two files, or at the beginning of one', async () => {
    const trail = openTrail(file, CODE);
    for (const one of ['one', 'two', 'three']) trail.write(entry(one));
    const before = join(folder, 'audit-1.jsonl');
    renameSync(file, before);
    for (const one of ['four', 'five', 'six']) trail.write(entry(one));
    const [first, second] = [lines(before), lines()];
    writeFileSync(before, `${first.slice(0, 2).join('\n')}\n`);
    expect(await faults(before, file)).toEqual(['missing at 1']);
    writeFileSync(before, `${first.join('\n')}\n`);
    put(...second.slice(1));
    expect(await faults(before, file)).toEqual(['missing at 1']);
  });
});

describe('an excerpt of a trail', () => {
  it('is checked line by line, and nothing is told of what is not in it', async () => {
    write('one', 'two', 'three', 'four');
    const all = lines();
    put(all[1]!, all[3]!);
    expect((await verifyTrail([file], { isExcerpt: true })).faults).toEqual([]);
    put(all[1]!, all[3]!.replace('four', 'fore'));
    expect((await verifyTrail([file], { isExcerpt: true })).faults).toMatchObject([{ kind: 'changed', line: 2 }]);
  });
});

describe('a file that is no trail', () => {
  it('is told at its first line, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), async (all) => {
        writeFileSync(file, all.map((line) => `${line.replaceAll('\n', ' ')}\n`).join(''));
        expect((await faults())[0]).toBe('changed at 1');
      }),
    );
  });

  it('has no line where it is empty, and is not read where it has no end of a line', async () => {
    writeFileSync(file, '');
    expect(await verifyTrail([file])).toMatchObject({ faults: [], lines: 0 });
    appendFileSync(file, Buffer.alloc(5 * 2 ** 20, 'x'));
    await expect(verifyTrail([file])).rejects.toThrow(/^Line 1 of .* is longer than 4194304 bytes/);
  });
});
