import { execFile } from 'node:child_process';
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { FileChange, ModuleChanges } from '../programs.ts';

/**
 * Makes a folder in which a program builds with the same pins as in the given one, but with its module copied there and changed.
 * What Go keeps of a module itself is read-only, and shared.
 * @throws when Go does not give the module, or it does not hold what is to be changed.
 */
export async function changeModule(go: string, pins: string, { module, files }: ModuleChanges, folder: string): Promise<void> {
  const { stdout } = await promisify(execFile)(go, ['mod', 'download', '-json', module], { cwd: pins });
  const copy = join(folder, 'module');
  copyFolder(JSON.parse(stdout).Dir, copy);
  for (const change of files) changeFile(copy, change);
  for (const name of ['go.mod', 'go.sum']) writeFileSync(join(folder, name), readFileSync(join(pins, name)));
  appendFileSync(join(folder, 'go.mod'), `\nreplace ${module} => ./module\n`);
}

/** Unlike Node's own copy, it does not take over that folders are read-only. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyFolder(source, target);
    else copyFileSync(source, target);
  }
}

function changeFile(module: string, { file, from, to }: FileChange): void {
  const path = join(module, file);
  if (from === null) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, to);
    return;
  }
  const before = readFileSync(path, 'utf8');
  if (before.split(from).length !== 2) throw new Error(`Cannot change ${file} of the module: ${from} does not stand there once.`);
  chmodSync(path, 0o644);
  writeFileSync(
    path,
    before.replace(from, () => to),
  );
}
