import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Addresses } from './addresses.ts';
import { writeSecret } from './site.ts';
import type { KnownProcess } from './survivors.ts';

/** What a sandbox in the background leaves for those who ask for it. */
export interface SandboxState {
  readonly supervisorPid: number;
  /** Where the supervisor takes questions and orders, from whoever shows the token. */
  readonly controlUrl: string;
  readonly controlToken: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly dataDir: string;
  /** Null while it is coming up. */
  readonly addresses: Addresses | null;
  /** Its servers when this was written. */
  readonly servers: readonly KnownProcess[];
}

const State = z.object({
  supervisorPid: z.number(),
  controlUrl: z.string(),
  controlToken: z.string(),
  startedAt: z.string(),
  dataDir: z.string(),
  addresses: z.custom<Addresses>((value) => typeof value === 'object' && value !== null).nullable(),
  servers: z.array(z.object({ pid: z.number(), command: z.string() })),
});

/** The folder of the sandbox in the background: its state, its supervisor's log, and its data. */
export function stateFolder(cacheDir: string): string {
  const folder = join(cacheDir, 'sandbox');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** What the supervisor says, and its errors whole. */
export function supervisorLogPath(cacheDir: string): string {
  return join(stateFolder(cacheDir), 'supervisor.log');
}

/** The state last written, null when there is none that can be read. It may be that of a sandbox that has fallen since. */
export function readState(cacheDir: string): SandboxState | null {
  try {
    return State.parse(JSON.parse(readFileSync(stateFile(cacheDir), 'utf8')));
  } catch {
    return null;
  }
}

/** Writes the first state of a sandbox; false when there is one already. */
export function claimState(cacheDir: string, state: SandboxState): boolean {
  const unfinished = writeUnfinished(cacheDir, state);
  try {
    // Unlike a rename, a link does not replace what is there: of two that claim at once, one wins.
    linkSync(unfinished, stateFile(cacheDir));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(unfinished);
  }
}

/** Only this user can read it: it holds the control token and the gateway's secret. */
export function writeState(cacheDir: string, state: SandboxState): void {
  renameSync(writeUnfinished(cacheDir, state), stateFile(cacheDir));
}

/** Removes the state; with a process id, only if it is that supervisor's. */
export function removeState(cacheDir: string, supervisorPid?: number): void {
  if (supervisorPid !== undefined && existsSync(stateFile(cacheDir)) && readState(cacheDir)?.supervisorPid !== supervisorPid) return;
  rmSync(stateFile(cacheDir), { force: true });
}

function writeUnfinished(cacheDir: string, state: SandboxState): string {
  return writeSecret(`${stateFile(cacheDir)}.${process.pid}`, `${JSON.stringify(state, null, 2)}\n`);
}

function stateFile(cacheDir: string): string {
  return join(stateFolder(cacheDir), 'state.json');
}
