import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const VERSION_MS_MAX = 10_000;

/** The first file of that name that can be run, in the folders of PATH; null when there is none. */
export function findOnPath(name: string, searchPath = process.env.PATH ?? ''): string | null {
  const found = searchPath
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(canBeRun);
  return found ?? null;
}

/** The version a program tells when asked, such as "1.35.4"; null when it tells none. */
export async function versionOf(program: string): Promise<string | null> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, ['--version'], { timeout: VERSION_MS_MAX });
    return /\d+\.\d+(\.\d+)?/.exec(stdout + stderr)?.[0] ?? null;
  } catch {
    return null;
  }
}

/** Whether a version is at least `from` and below `below`. */
export function isWithin(version: string, { from, below }: { readonly from: string; readonly below: string }): boolean {
  return compare(version, from) >= 0 && compare(version, below) < 0;
}

function compare(one: string, other: string): number {
  const [a, b] = [one.split('.').map(Number), other.split('.').map(Number)];
  const differing = [0, 1, 2].find((place) => (a[place] ?? 0) !== (b[place] ?? 0)) ?? 0;
  return (a[differing] ?? 0) - (b[differing] ?? 0);
}

function canBeRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
