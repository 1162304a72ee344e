import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { spawnTied } from '../lifeline.ts';
import { lastLines } from '../log-file.ts';
import type { Program } from '../programs.ts';
import { changeModule } from './changed-module.ts';
import { findOnPath } from './search-path.ts';

const PINS = join(import.meta.dirname, '..', 'pins');
/** What the pins' go.mod files ask for. */
const GO_FROM = '1.26';

/**
 * Builds a program at its pinned version.
 * @throws when Go is missing or too old, or the build fails; the error names the log and ends with its last lines.
 */
export async function build({ pins, goPackage, linkerFlags, version, changes }: Program, path: string, log: string): Promise<void> {
  const go = await findGo();
  const output = dirname(path);
  const changed = join(output, 'changed');
  if (pins !== null && changes) await changeModule(go, join(PINS, pins), changes, changed);
  const file = openSync(log, 'w');
  const child =
    pins === null
      ? spawnTied(go, ['install', `${goPackage}@v${version}`], { env: { ...process.env, GOBIN: output }, output: file })
      : spawnTied(go, ['build', '-ldflags', linkerFlags ?? '', '-o', path, goPackage], {
          cwd: changes ? changed : join(PINS, pins),
          output: file,
        });
  closeSync(file);
  const [code, signal] = await once(child, 'exit');
  if (code !== 0) throw new Error(`go ended with ${signal ?? `exit code ${code}`}. Its log is ${log} and ends:\n${lastLines(log)}`);
  // `go install` names a program by the last part of its package.
  if (pins === null) renameSync(join(output, basename(goPackage)), path);
}

async function findGo(): Promise<string> {
  const go = findOnPath('go');
  if (!go) throw new Error(`go is not on PATH. Install Go ${GO_FROM} or newer from https://go.dev/dl.`);
  try {
    // Asked in a folder whose go.mod says what is needed, a Go that can get a newer one by itself does so.
    await promisify(execFile)(go, ['version'], { cwd: join(PINS, 'kubernetes') });
    return go;
  } catch (error) {
    throw new Error(`${go} is too old. Install Go ${GO_FROM} or newer from https://go.dev/dl.`, { cause: error });
  }
}
