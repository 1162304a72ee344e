import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CustomResourceDefinition, readManifests } from '../manifests.ts';

const MODULE = 'github.com/kserve/kserve';
/** The Go module that pins the version. */
const PINS = join(import.meta.dirname, '..', 'pins', 'kserve');

/**
 * Puts KServe's custom resource definitions, which its Go module holds, into a folder, unless they are there.
 * @throws when the module cannot be had.
 */
export async function obtainCustomResources(folder: string, progress: (line: string) => void): Promise<void> {
  if (existsSync(fileIn(folder))) return;
  progress('kserve: taking its custom resource definitions out of its module, once');
  const source = join(await moduleFolder(), 'config', 'crd', 'full');
  const names = readdirSync(source).filter((name) => name.startsWith('serving.kserve.io_'));
  const definitions = names.flatMap((name) => readManifests(join(source, name)));
  const unfinished = `${fileIn(folder)}.${process.pid}`;
  // As JSON, for as YAML they take a second to read.
  writeFileSync(unfinished, JSON.stringify(definitions));
  renameSync(unfinished, fileIn(folder));
}

/** The definitions in a folder, put there before. */
export function readCustomResources(folder: string): CustomResourceDefinition[] {
  return JSON.parse(readFileSync(fileIn(folder), 'utf8'));
}

function fileIn(folder: string): string {
  return join(folder, 'custom-resources.json');
}

async function moduleFolder(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', MODULE], { cwd: PINS });
    return JSON.parse(stdout).Dir;
  } catch (error) {
    throw new Error(`Cannot get KServe's custom resource definitions: Go did not give its module ${MODULE}.`, { cause: error });
  }
}
