import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Addresses } from './addresses.ts';
import { writeSecret } from './site.ts';

/** What a running sandbox in the background leaves for those who ask for it. */
export interface SandboxState {
  readonly supervisorPid: number;
  /** Where the supervisor takes questions and orders, from whoever shows the token. */
  readonly controlUrl: string;
  readonly controlToken: string;
  readonly startedAt: string;
  readonly addresses: Addresses;
}

const State = z.object({
  supervisorPid: z.number(),
  controlUrl: z.string(),
  controlToken: z.string(),
  startedAt: z.string(),
  addresses: z.custom<Addresses>((value) => typeof value === 'object' && value !== null),
});

/** The folder of the sandbox in the background: its state, its supervisor's log, and its data. */
export function stateFolder(cacheDir: string): string {
  const folder = join(cacheDir, 'sandbox');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The state last written, null when there is none. It may be that of a sandbox that has fallen since. */
export function readState(cacheDir: string): SandboxState | null {
  const path = stateFile(cacheDir);
  return existsSync(path) ? State.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}

/** Only this user can read it: it holds the control token and the gateway's secret. */
export function writeState(cacheDir: string, state: SandboxState): void {
  const unfinished = writeSecret(`${stateFile(cacheDir)}.${process.pid}`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(unfinished, stateFile(cacheDir));
}

export function removeState(cacheDir: string): void {
  rmSync(stateFile(cacheDir), { force: true });
}

function stateFile(cacheDir: string): string {
  return join(stateFolder(cacheDir), 'state.json');
}
