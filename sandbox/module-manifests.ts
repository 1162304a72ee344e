import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type CustomResourceDefinition, type Manifest, readManifests } from './manifests.ts';
import type { Obtainer } from './obtain.ts';
import type { ProgramName } from './programs.ts';

const PINS = join(import.meta.dirname, 'pins');
const DEFINITION = 'CustomResourceDefinition';

/** Objects that a Go module holds as YAML. */
export interface ModuleManifests {
  /** The program that handles them, with which they are kept. */
  readonly owner: ProgramName;
  /** The folder under `pins/` that says which version of the module. */
  readonly pins: string;
  readonly module: string;
  /** Files and folders in the module with definitions of custom resources; what else they hold is left out. */
  readonly definitions: readonly string[];
  /** Files in the module with configurations of webhooks. */
  readonly webhooks?: readonly string[];
}

/** What was taken out of a module. */
interface TakenManifests {
  readonly definitions: readonly CustomResourceDefinition[];
  readonly webhooks: readonly Manifest[];
}

/** Gets a program with its manifests beside it, as a part does; as `takenManifests` reads them, by the program's path. */
export function withManifests(wanted: ModuleManifests): (from: Obtainer) => Promise<string> {
  return async (from) => {
    const program = await from.program(wanted.owner);
    await obtainManifests(dirname(program), wanted, from.progress);
    return program;
  };
}

/**
 * Puts what a Go module holds into a folder, unless it is there.
 * @throws when the module cannot be had.
 */
async function obtainManifests(folder: string, wanted: ModuleManifests, progress: (line: string) => void): Promise<void> {
  if (existsSync(fileIn(folder))) return;
  progress(`${wanted.owner}: taking its custom resource definitions out of its module, once`);
  const module = await moduleFolder(wanted);
  const all = wanted.definitions.flatMap((path) => yamlFiles(join(module, path)).flatMap(readManifests));
  const taken = {
    definitions: all.filter(({ kind }) => kind === DEFINITION) as CustomResourceDefinition[],
    webhooks: (wanted.webhooks ?? []).flatMap((path) => readManifests(join(module, path))),
  } satisfies TakenManifests;
  const unfinished = `${fileIn(folder)}.${process.pid}`;
  // As JSON, for as YAML they take a second to read.
  writeFileSync(unfinished, JSON.stringify(taken));
  renameSync(unfinished, fileIn(folder));
}

function yamlFiles(path: string): string[] {
  if (path.endsWith('.yaml')) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => join(path, name));
}

/** What was put beside a program. */
export function takenManifests(program: string): TakenManifests {
  return JSON.parse(readFileSync(fileIn(dirname(program)), 'utf8'));
}

function fileIn(folder: string): string {
  return join(folder, 'manifests.json');
}

async function moduleFolder({ owner, pins, module }: ModuleManifests): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', module], { cwd: join(PINS, pins) });
    return JSON.parse(stdout).Dir;
  } catch (error) {
    throw new Error(`Cannot get the custom resource definitions of ${owner}: Go did not give its module ${module}.`, { cause: error });
  }
}
