import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawnTied } from '../lifeline.ts';
import { lastLines } from '../log-file.ts';
import type { Obtainer } from '../obtain.ts';
import { makeOnce } from '../obtaining/make-once.ts';

const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
/** What the newest of the packages ask for. */
const PYTHON_FROM = [3, 11] as const;
const TELL_EVERY_MS = 10_000;

/** What Python packages are installed for, each in an environment of its own. */
export interface PythonEnvironment {
  /** The folder it has in the cache, and how lines about it begin, such as `mlflow`. */
  readonly name: string;
  /** As an error names it, such as `MLflow`. */
  readonly title: string;
  /** A file of every package with its version, as pip reads it. */
  readonly requirements: string;
  /** How much it takes, as people are told before, such as `about 900 MB`. */
  readonly size: string;
}

/**
 * The path of a Python that has what is required, in an environment of its own in the cache, which is made when it is not there as
 * required.
 * @throws when there is no Python that will do, or a package cannot be installed; the error names the log and quotes its end.
 */
export async function obtainPython(
  { cacheDir, progress }: Pick<Obtainer, 'cacheDir' | 'progress'>,
  wanted: PythonEnvironment,
): Promise<string> {
  const { name, requirements } = wanted;
  const folder = join(cacheDir, 'programs', name);
  const environment = join(folder, 'environment');
  const python = join(environment, 'bin', 'python');
  // A copy of the requirements says that they were all installed.
  const installed = join(folder, 'installed.txt');
  if (!isUpToDate(installed, python, requirements)) rmSync(installed, { force: true });
  else progress(`${name}: from the cache, ${environment}`);
  await makeOnce(
    installed,
    () => progress(`${name}: another process is obtaining it; waiting`),
    async (unfinished) => {
      await install(wanted, environment, join(folder, 'install.log'), progress);
      copyFileSync(requirements, unfinished);
    },
  );
  return python;
}

/** The Python it was made with may have gone, too: then its link leads nowhere. */
function isUpToDate(installed: string, python: string, requirements: string): boolean {
  const asRequired = existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(requirements, 'utf8');
  return asRequired && existsSync(python);
}

async function install(wanted: PythonEnvironment, environment: string, log: string, progress: (line: string) => void): Promise<void> {
  const { name, title, requirements, size } = wanted;
  const python = await findPython(title);
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  progress(`${name}: installing it from the Python package index, once, ${size}; the log is ${log}`);
  const ticker = setInterval(() => progress(`${name}: still installing, ${seconds()} s`), TELL_EVERY_MS);
  try {
    rmSync(environment, { recursive: true, force: true });
    await run(title, python, ['-m', 'venv', environment], log, 'On Debian and Ubuntu, the package python3-venv is needed.');
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--requirement', requirements];
    await run(title, join(environment, 'bin', 'python'), pip, log, 'Is the Python package index reachable?');
  } finally {
    clearInterval(ticker);
  }
  progress(`${name}: installed in ${seconds()} s`);
}

async function findPython(title: string): Promise<string> {
  const script = 'import sys; print(*sys.version_info[:2])';
  for (const python of PYTHONS) {
    const version = await promisify(execFile)(python, ['-c', script]).then(
      ({ stdout }) => stdout.trim().split(' ').map(Number),
      () => [0, 0],
    );
    if (version[0] === PYTHON_FROM[0] && version[1]! >= PYTHON_FROM[1]) return python;
  }
  throw new Error(
    `Cannot install ${title}: no Python ${PYTHON_FROM.join('.')} or newer is on PATH. Install one from https://www.python.org.`,
  );
}

async function run(title: string, program: string, args: readonly string[], log: string, hint: string): Promise<void> {
  const file = openSync(log, 'a');
  const child = spawnTied(program, args, { env: process.env, output: file });
  closeSync(file);
  const [code, signal] = await once(child, 'exit');
  if (code === 0) return;
  throw new Error(
    `Cannot install ${title}: ${program} ended with ${signal ?? `exit code ${code}`}. ${hint} Its log is ${log} and ends:\n${lastLines(log)}`,
  );
}
