import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheFolder } from '../../sandbox/cache-folder.ts';
import { createObtainer } from '../../sandbox/obtain.ts';
import { createDownloader } from '../../sandbox/obtaining/download.ts';
import { makeOnce } from '../../sandbox/obtaining/make-once.ts';
import { isWithin } from '../../sandbox/obtaining/search-path.ts';
import type { Program, ProgramName } from '../../sandbox/programs.ts';
import { type ReleaseServer, releaseServer, sha256 } from './release-server.ts';

/** A small command of Go itself stands for a server: it builds in a second, in the same way. */
const SMALL: Program = { version: '3.2.1', pins: 'kubernetes', goPackage: 'cmd/test2json', onPath: { from: '3.2', below: '4' } };
const NAME = 'small' as ProgramName;

let folder: string;
let cacheDir: string;
let bin: string;
let lines: string[];
let server: ReleaseServer | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  cacheDir = join(folder, 'cache');
  bin = join(folder, 'bin');
  mkdirSync(bin);
  lines = [];
});

afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A release of the program on loopback, of which the given sum is published. */
async function publish(content: string, sum: string) {
  server = await releaseServer({ '/small': content, '/sums': `${sum}  small` });
  const release = { url: `${server.url}/small`, sumsUrl: `${server.url}/sums` };
  return { url: server.url, release: () => release };
}

const cached = () => join(cacheDir, 'programs', 'small-3.2.1', 'small');

function obtainer(program: Partial<Program> = {}) {
  return createObtainer({
    cacheDir,
    progress: (line) => lines.push(line),
    searchPath: bin,
    downloader: createDownloader(1_000),
    programs: { small: { ...SMALL, ...program } },
  });
}

function putOnPath(version: string): string {
  const path = join(bin, 'small');
  writeFileSync(path, `#!/bin/sh\necho "small version v${version} (built today)"\n`);
  chmodSync(path, 0o755);
  return path;
}

function putIntoCache(): void {
  mkdirSync(join(cached(), '..'), { recursive: true });
  writeFileSync(cached(), '');
}

describe('a program', () => {
  it('comes from PATH, if the version there will do', async () => {
    putIntoCache();
    const path = putOnPath('3.10.0');
    expect(await obtainer().program(NAME)).toBe(path);
    expect(lines).toEqual([`small 3.10.0: from PATH, ${path}`]);
  });

  it('on PATH is left aside when it is too old or too new, which is said', async () => {
    putIntoCache();
    const path = putOnPath('3.1.9');
    expect(await obtainer().program(NAME)).toBe(cached());
    putOnPath('4.0.0');
    expect(await obtainer().program(NAME)).toBe(cached());
    const complaints = lines.filter((line) => line.includes('PATH') || line.includes(path));
    expect(complaints).toEqual(
      ['3.1.9', '4.0.0'].map((version) => `small: ${path} is version ${version} and is left aside; 3.2 or newer, below 4, is needed`),
    );
  });

  it('comes from the cache, else', async () => {
    putIntoCache();
    expect(await obtainer().program(NAME)).toBe(cached());
    expect(lines).toEqual([`small 3.2.1: from the cache, ${cached()}`]);
  });

  it('is downloaded, else', async () => {
    const { url, release } = await publish('program', sha256('program'));
    expect(await obtainer({ release }).program(NAME)).toBe(cached());
    expect(lines).toEqual([`small 3.2.1: downloading ${url}/small`, 'small 3.2.1: downloaded in 0 s']);
  });

  it('is built when its download is not what was published', async () => {
    const { release } = await publish('tampered with', sha256('program'));
    await obtainer({ release }).program(NAME);
    expect(lines[1]).toMatch(/^small 3\.2\.1: not downloaded: the SHA-256 of .* it is not used$/);
    expect(lines[2]).toMatch(/^small 3\.2\.1: building it from source, once; the log is .*build\.log$/);
  }, 120_000);

  it('is built once when two want it at once, and nothing unfinished stays', async () => {
    const paths = await Promise.all([obtainer().program(NAME), obtainer().program(NAME)]);
    expect(paths).toEqual([cached(), cached()]);
    expect(lines.filter((line) => line.includes('building it'))).toHaveLength(1);
    expect(lines).toContain('small 3.2.1: another process is obtaining it; waiting');
    expect(readdirSync(join(cached(), '..')).sort()).toEqual(['build.log', 'small']);
  }, 120_000);

  it('that cannot be built leaves no program behind, and an error that quotes its log', async () => {
    const attempt = obtainer({ goPackage: 'cmd/no-such-command' }).program(NAME);
    const log = join(cached(), '..', 'build.log');
    await expect(attempt).rejects.toThrow(`Cannot build small 3.2.1: go ended with exit code 1. Its log is ${log} and ends:\n`);
    await expect(attempt).rejects.toThrow('cmd/no-such-command');
    expect(existsSync(cached())).toBe(false);
  }, 120_000);

  it('cannot be built without Go, and the error says what to install', async () => {
    const before = process.env.PATH;
    process.env.PATH = bin;
    try {
      await expect(obtainer().program(NAME)).rejects.toThrow(
        'Cannot build small 3.2.1: go is not on PATH. Install Go 1.26 or newer from https://go.dev/dl.',
      );
      writeFileSync(join(bin, 'go'), '#!/bin/sh\nexit 1\n');
      chmodSync(join(bin, 'go'), 0o755);
      await expect(obtainer().program(NAME)).rejects.toThrow(`${join(bin, 'go')} is too old. Install Go 1.26 or newer`);
    } finally {
      process.env.PATH = before;
    }
  });
});

describe('making a file once', () => {
  it('takes over from a process that was killed in the middle', async () => {
    const path = join(folder, 'made');
    mkdirSync(join(folder, 'made.lock'));
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(join(folder, 'made.lock'), longAgo, longAgo);
    mkdirSync(join(folder, 'unfinished-made-abc'));
    await makeOnce(
      path,
      () => {},
      async (unfinished) => writeFileSync(unfinished, 'whole'),
    );
    expect(readdirSync(folder).sort()).toEqual(['bin', 'made']);
  });

  it('waits while another process is at it', async () => {
    const path = join(folder, 'made');
    mkdirSync(join(folder, 'made.lock'));
    let waited = 0;
    const making = makeOnce(
      path,
      () => {
        waited++;
        writeFileSync(path, 'theirs');
        rmSync(join(folder, 'made.lock'), { recursive: true });
      },
      async (unfinished) => writeFileSync(unfinished, 'ours'),
    );
    await making;
    expect(waited).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(['bin', 'made']);
  });
});

it('a version is compared number by number', () => {
  expect(isWithin('1.10.0', { from: '1.9', below: '2' })).toBe(true);
  expect(isWithin('1.9', { from: '1.9.1', below: '2' })).toBe(false);
  expect(isWithin('2.0.0', { from: '1.9', below: '2' })).toBe(false);
});

it('the cache is where PARAMEDIC_CACHE says, else in the user’s cache folder', () => {
  expect(cacheFolder({ PARAMEDIC_CACHE: '/kept', XDG_CACHE_HOME: '/xdg' }, 'linux', '/home/ada')).toBe('/kept');
  expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' }, 'linux', '/home/ada')).toBe('/xdg/paramedic');
  expect(cacheFolder({}, 'linux', '/home/ada')).toBe('/home/ada/.cache/paramedic');
  expect(cacheFolder({}, 'darwin', '/Users/ada')).toBe('/Users/ada/Library/Caches/paramedic');
});
