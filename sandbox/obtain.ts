import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PROGRAMS, type Program, type ProgramName } from './programs.ts';

const TELL_EVERY_MS = 10_000;

/** Gets what a sandbox runs into place. */
export interface Obtainer {
  readonly cacheDir: string;
  progress(line: string): void;
  /** The path of a program, at a version the sandbox is made for. */
  program(name: ProgramName): Promise<string>;
}

/** Where obtained programs are kept, outside every checkout. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.PARAMEDIC_CACHE ?? join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'paramedic');
}

/** Looks for programs in the cache, and builds what is not there. */
export function createObtainer({ cacheDir = cacheFolder(), progress }: { cacheDir?: string; progress(line: string): void }): Obtainer {
  return { cacheDir, progress, program: (name) => obtain(name, cacheDir, progress) };
}

/**
 * The path of a program: from the cache, or built there at its pinned version.
 * @throws when it cannot be built; the sentence names the log.
 */
async function obtain(name: ProgramName, cacheDir: string, progress: (line: string) => void): Promise<string> {
  const program: Program = PROGRAMS[name];
  const folder = join(cacheDir, 'programs', `${name}-${program.version}`);
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `building-${process.pid}`);
  const log = join(folder, 'build.log');
  const began = Date.now();
  progress(`${name} ${program.version}: building from source, once; the log is ${log}`);
  const ticker = setInterval(() => progress(`${name}: still building, ${Math.round((Date.now() - began) / 1000)} s`), TELL_EVERY_MS);
  try {
    await build(program, unfinished, log);
  } catch (error) {
    throw new Error(`Cannot build ${name} ${program.version}; Go 1.26 or newer must be on PATH. The log is ${log}.`, { cause: error });
  } finally {
    clearInterval(ticker);
  }
  // A rename is whole or nothing: a build that was cut off is never taken for a program.
  renameSync(program.pins === null ? join(unfinished, name) : unfinished, path);
  progress(`${name} ${program.version}: built in ${Math.round((Date.now() - began) / 1000)} s`);
  return path;
}

function build({ pins, goPackage, linkerFlags, version }: Program, output: string, log: string): Promise<void> {
  const [args, cwd, environment] =
    pins === null
      ? [['install', `${goPackage}@v${version}`], undefined, { ...process.env, GOBIN: output }]
      : [['build', '-ldflags', linkerFlags ?? '', '-o', output, goPackage], join(import.meta.dirname, 'pins', pins), process.env];
  return new Promise((resolve, reject) => {
    const file = openSync(log, 'w');
    const child = spawn('go', args, { cwd, env: environment, stdio: ['ignore', file, file] });
    closeSync(file);
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`go exited with ${code}`))));
  });
}
