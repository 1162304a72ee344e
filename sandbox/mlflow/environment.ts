import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawnTied } from '../lifeline.ts';
import { lastLines } from '../log-file.ts';
import type { Obtainer } from '../obtain.ts';
import { makeOnce } from '../obtaining/make-once.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
/** What the requirements ask for. */
const PYTHON_FROM = [3, 11] as const;
const TELL_EVERY_MS = 10_000;

/**
 * The path of a Python that has MLflow, in an environment of its own in the cache, which is made when it is not there as required.
 * An MLflow on PATH is left aside, for it is often the client alone.
 * @throws when there is no Python that will do, or a package cannot be installed; the error names the log and quotes its end.
 */
export async function obtainMlflow({ cacheDir, progress }: Pick<Obtainer, 'cacheDir' | 'progress'>): Promise<string> {
  const folder = join(cacheDir, 'programs', 'mlflow');
  const environment = join(folder, 'environment');
  const python = join(environment, 'bin', 'python');
  // A copy of the requirements says that they were all installed.
  const installed = join(folder, 'installed.txt');
  if (!isUpToDate(installed, python)) rmSync(installed, { force: true });
  else progress(`mlflow: from the cache, ${environment}`);
  await makeOnce(
    installed,
    () => progress('mlflow: another process is obtaining it; waiting'),
    async (unfinished) => {
      await install(environment, join(folder, 'install.log'), progress);
      copyFileSync(REQUIREMENTS, unfinished);
    },
  );
  return python;
}

/** The Python it was made with may have gone, too: then its link leads nowhere. */
function isUpToDate(installed: string, python: string): boolean {
  const asRequired = existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(REQUIREMENTS, 'utf8');
  return asRequired && existsSync(python);
}

async function install(environment: string, log: string, progress: (line: string) => void): Promise<void> {
  const python = await findPython();
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  progress(`mlflow: installing it from the Python package index, once, about 900 MB; the log is ${log}`);
  const ticker = setInterval(() => progress(`mlflow: still installing, ${seconds()} s`), TELL_EVERY_MS);
  try {
    rmSync(environment, { recursive: true, force: true });
    await run(python, ['-m', 'venv', environment], log, 'On Debian and Ubuntu, the package python3-venv is needed.');
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--requirement', REQUIREMENTS];
    await run(join(environment, 'bin', 'python'), pip, log, 'Is the Python package index reachable?');
  } finally {
    clearInterval(ticker);
  }
  progress(`mlflow: installed in ${seconds()} s`);
}

async function findPython(): Promise<string> {
  const script = 'import sys; print(*sys.version_info[:2])';
  for (const python of PYTHONS) {
    const version = await promisify(execFile)(python, ['-c', script]).then(
      ({ stdout }) => stdout.trim().split(' ').map(Number),
      () => [0, 0],
    );
    if (version[0] === PYTHON_FROM[0] && version[1]! >= PYTHON_FROM[1]) return python;
  }
  throw new Error(
    `Cannot install MLflow: no Python ${PYTHON_FROM.join('.')} or newer is on PATH. Install one from https://www.python.org.`,
  );
}

async function run(program: string, args: readonly string[], log: string, hint: string): Promise<void> {
  const file = openSync(log, 'a');
  const child = spawnTied(program, args, { env: process.env, output: file });
  closeSync(file);
  const [code, signal] = await once(child, 'exit');
  if (code === 0) return;
  throw new Error(
    `Cannot install MLflow: ${program} ended with ${signal ?? `exit code ${code}`}. ${hint} Its log is ${log} and ends:\n${lastLines(log)}`,
  );
}
