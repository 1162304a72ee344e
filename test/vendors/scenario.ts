import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cacheFolder } from '../../sandbox/cache-folder.ts';
import { obtainPython } from '../../sandbox/python/environment.ts';

/** A vendor's own Python package, whose folder here holds `requirements.txt` and `scenario.py`. */
export interface VendorPackage {
  /** The folder's name, such as `wandb`. */
  readonly folder: string;
  /** As people call it, such as `the Python package wandb`. */
  readonly title: string;
  /** How much it takes, as people are told before it is installed. */
  readonly size: string;
}

const STDERR_CHARACTERS_MAX = 4_000;

/**
 * Runs the vendor's scenario with its own package, against a server.
 * @param url of the server, given to it as its first argument
 * @returns what it printed last, as JSON: what the package made of the answers
 * @throws when the package cannot be installed, or takes an answer for wrong; what it said is in the error
 */
export async function playScenario({ folder, title, size }: VendorPackage, url: string): Promise<unknown> {
  const here = join(import.meta.dirname, folder);
  const obtainer = { cacheDir: cacheFolder(), progress: (line: string) => process.stderr.write(`${line}\n`) };
  const requirements = join(here, 'requirements.txt');
  const python = await obtainPython(obtainer, { name: `vendor-${folder}`, title, requirements, size });
  // Its settings are given by the scenario alone: what the machine has for it is none of ours.
  const env = { PATH: process.env.PATH, HOME: join(obtainer.cacheDir, 'programs', `vendor-${folder}`), PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(python, [join(here, 'scenario.py'), url], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complained, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (code === 0) return JSON.parse(said.trim().split('\n').at(-1) ?? '');
  throw new Error(`The scenario of ${title} ended with exit code ${code}: ${complained.slice(-STDERR_CHARACTERS_MAX)}`);
}
