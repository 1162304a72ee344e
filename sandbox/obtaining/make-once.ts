import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const HEARTBEAT_MS = 1_000;
/** A lock whose owner has not touched it for so long was left by a process that was killed. */
const STALE_MS = 10_000;
const LOOK_EVERY_MS = 250;
const UNFINISHED = 'unfinished-';

/**
 * Makes a file or folder, unless it is there. Whatever the number of processes that want it at once, one makes it and the
 * others wait. It is there whole or not at all: `make` writes to the path it is given, which is renamed when it is done.
 */
export async function makeOnce(path: string, waiting: () => void, make: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(path)) return;
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const unlock = await lock(join(folder, `${basename(path)}.lock`), waiting);
  try {
    if (existsSync(path)) return;
    const prefix = `${UNFINISHED}${basename(path)}-`;
    // Whatever is unfinished now was left by a process that was killed.
    for (const left of readdirSync(folder)) if (left.startsWith(prefix)) rmSync(join(folder, left), { recursive: true, force: true });
    const scratch = mkdtempSync(join(folder, prefix));
    try {
      const unfinished = join(scratch, basename(path));
      await make(unfinished);
      renameSync(unfinished, path);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
}

/** Holds a lock that other processes respect, as soon as nobody else does. A folder, because making one is all or nothing. */
async function lock(path: string, waiting: () => void): Promise<() => void> {
  for (let told = false; !take(path); await pause(LOOK_EVERY_MS)) {
    if (isStale(path)) remove(path);
    else if (!told) waiting();
    told = true;
  }
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  return () => {
    clearInterval(heartbeat);
    remove(path);
  };
}

function take(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(path: string): boolean {
  const seen = statSync(path, { throwIfNoEntry: false });
  return seen !== undefined && Date.now() - seen.mtimeMs > STALE_MS;
}

function touch(path: string): void {
  const now = new Date();
  if (existsSync(path)) utimesSync(path, now, now);
}

function remove(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
