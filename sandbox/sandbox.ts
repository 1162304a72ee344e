import { mkdirSync } from 'node:fs';
import { type Addresses, addressesOf } from './addresses.ts';
import { endAll, startAll } from './all-parts.ts';
import { createObtainer } from './obtain.ts';
import { PARTS } from './parts/all.ts';
import { PART_NAMES, type PartName } from './parts/part.ts';
import { type Ports, reservePorts } from './ports.ts';
import { type PartStatus, type RunningPart, runningPart } from './running-part.ts';
import { prepareSite } from './site.ts';

/** A sandbox that runs as children of this process, and ends with it. */
export interface Sandbox {
  readonly addresses: Addresses;
  status(): readonly PartStatus[];
  /** Kills a part as a crash would. Its data stays. */
  kill(part: PartName): Promise<void>;
  /** Starts a part that was killed or has crashed, on its data, and returns when it is ready. */
  start(part: PartName): Promise<void>;
  /** Ends a part in an orderly way, and starts it on its data. */
  restart(part: PartName): Promise<void>;
  down(): Promise<void>;
}

export interface SandboxOptions {
  /** Holds data, configuration, keys and logs. Made when it is not there; what is there is gone on with. */
  readonly dataDir: string;
  /** Holds programs that were downloaded or built; by default `PARAMEDIC_CACHE`, else the user's cache folder. */
  readonly cacheDir?: string;
  /** Ports that must be these; the others are the usual ones, or the next free ones. */
  readonly ports?: Partial<Ports>;
  /** Optional parts to run, too, with those they come after. */
  readonly include?: readonly PartName[];
  /** Parts to do without. */
  readonly without?: readonly PartName[];
  /** Aborted before it is up: everything is ended again, and `bringUp` throws the reason. */
  readonly signal?: AbortSignal;
  /** Is told what is happening, a line at a time. */
  progress(line: string): void;
}

/**
 * Brings the real stack up on 127.0.0.1, or leaves nothing running.
 * @throws when a program cannot be obtained, a port that was asked for is taken, or a part does not become ready; the error names the log.
 */
export async function bringUp(options: SandboxOptions): Promise<Sandbox> {
  const { dataDir, cacheDir, ports: askedPorts = {}, include = [], without = [], progress, signal } = options;
  const asked = withThoseBefore(include);
  const names = PART_NAMES.filter((name) => !without.includes(name) && (!PARTS[name].optional || asked.has(name)));
  const obtainer = createObtainer({ ...(cacheDir ? { cacheDir } : {}), progress });
  const programs = new Map<PartName, string>();
  const abort = aborted(signal);
  for (const name of names) programs.set(name, await Promise.race([PARTS[name].obtain(obtainer), abort]));
  mkdirSync(dataDir, { recursive: true });
  const reserved = await reservePorts(askedPorts);
  const parts = new Map<PartName, RunningPart>();
  const stopping = new AbortController();
  const down = async () => {
    stopping.abort();
    await endAll(parts);
    reserved.release();
  };
  try {
    const site = await prepareSite(dataDir, reserved.ports);
    for (const name of names) parts.set(name, runningPart(PARTS[name], programs.get(name)!, site));
    await Promise.race([startAll(parts, progress, stopping.signal), abort]);
    return { addresses: addressesOf(site), status: () => [...parts.values()].map(({ status }) => status()), ...controls(parts), down };
  } catch (error) {
    await down();
    throw error;
  }
}

/** Parts, and all that must be ready before them. */
function withThoseBefore(names: readonly PartName[]): ReadonlySet<PartName> {
  const all = new Set(names);
  // A set can grow while it is gone through.
  for (const name of all) for (const before of PARTS[name].after) all.add(before);
  return all;
}

/** Rejects with the reason when the signal is aborted; otherwise it never settles. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  const abort = new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // It may come when nobody waits for it any more.
  abort.catch(() => {});
  return abort;
}

function controls(parts: ReadonlyMap<PartName, RunningPart>): Pick<Sandbox, 'kill' | 'start' | 'restart'> {
  const known = (name: PartName): RunningPart => {
    const part = parts.get(name);
    if (!part) throw new Error(`The sandbox has no part ${name}; it has ${[...parts.keys()].join(', ')}.`);
    return part;
  };
  return {
    kill: async (name) => known(name).end('SIGKILL'),
    start: async (name) => known(name).start(),
    restart: async (name) => {
      await known(name).end('SIGTERM');
      await known(name).start();
    },
  };
}
