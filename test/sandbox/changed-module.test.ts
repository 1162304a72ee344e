import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changeModule } from '../../sandbox/obtaining/changed-module.ts';
import type { FileChange } from '../../sandbox/programs.ts';

const MODULE = 'example.com/server';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  for (const name of ['pins', 'module/listen']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'pins', 'go.mod'), 'module pins\n');
  writeFileSync(join(folder, 'pins', 'go.sum'), 'sums\n');
  writeFileSync(join(folder, 'module', 'listen', 'main.go'), 'Listen(":80")');
  for (const name of ['listen/main.go', 'listen', '']) chmodSync(join(folder, 'module', name), 0o555);
});

afterEach(() => {
  for (const name of ['', 'listen']) chmodSync(join(folder, 'module', name), 0o755);
  rmSync(folder, { recursive: true, force: true });
});

/** With something that answers as Go does when it is asked where it keeps a module. */
async function change(...files: readonly FileChange[]): Promise<(path: string) => string> {
  const go = join(folder, 'go');
  writeFileSync(go, `#!/bin/sh\necho '{"Dir": "${join(folder, 'module')}"}'\n`, { mode: 0o755 });
  await changeModule(go, join(folder, 'pins'), { module: MODULE, files }, join(folder, 'changed'));
  return (path) => readFileSync(join(folder, 'changed', path), 'utf8');
}

describe('a module that is changed', () => {
  it('is a copy, which the pins name in its place', async () => {
    const read = await change(
      { file: 'listen/main.go', from: '":80"', to: '"127.0.0.1:80"' },
      { file: 'pages/index.html', from: null, to: '' },
    );
    expect(read('module/listen/main.go')).toBe('Listen("127.0.0.1:80")');
    expect(read('module/pages/index.html')).toBe('');
    expect(read('go.mod')).toBe(`module pins\n\nreplace ${MODULE} => ./module\n`);
    expect(read('go.sum')).toBe('sums\n');
    expect(readFileSync(join(folder, 'module', 'listen', 'main.go'), 'utf8')).toBe('Listen(":80")');
  });

  it('is refused when it does not hold what is to be changed', async () => {
    await expect(change({ file: 'listen/main.go', from: '":81"', to: '' })).rejects.toThrow(
      'Cannot change listen/main.go of the module: ":81" does not stand there once.',
    );
  });
});
