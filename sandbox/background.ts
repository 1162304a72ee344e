import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Addresses } from './addresses.ts';
import { cacheFolder } from './cache-folder.ts';
import { cleanUp } from './clean-up.ts';
import type { PartStatus } from './running-part.ts';
import type { SandboxOptions } from './sandbox.ts';
import { readState, removeState, type SandboxState, stateFolder } from './state.ts';
import type { Order, Report } from './supervisor.ts';

const ANSWER_MS_MAX = 60_000;
const GONE_MS_MAX = 10_000;

/** How a sandbox in the background is brought up; folders left out are those of this user's cache. */
export interface SandboxUpOptions extends Omit<SandboxOptions, 'cacheDir' | 'dataDir'> {
  readonly cacheDir?: string;
  readonly dataDir?: string;
  /** Aborted, for instance upon Ctrl-C, before it is ready: everything is ended again. */
  readonly signal?: AbortSignal;
}

/** What is known of the sandbox in the background. */
export type SandboxStatus =
  | {
      readonly kind: 'up';
      readonly supervisorPid: number;
      readonly startedAt: string;
      readonly addresses: Addresses;
      readonly parts: readonly PartStatus[];
    }
  | { readonly kind: 'down' }
  /** Its supervisor ended without being asked to; the lifeline has ended its servers. */
  | { readonly kind: 'fallen'; readonly supervisorPid: number; readonly startedAt: string };

/**
 * Brings the sandbox up in the background and returns when it is ready; it stays up when this process ends.
 * @throws when it is up already, or a part fails; nothing is left running then.
 */
export async function sandboxUp({ signal, progress, ...options }: SandboxUpOptions): Promise<Addresses> {
  const cacheDir = options.cacheDir ?? cacheFolder();
  const before = await sandboxStatus(cacheDir);
  if (before.kind === 'up') throw new Error(`The sandbox is already up, by process ${before.supervisorPid}. End it first.`);
  const dataDir = options.dataDir ?? defaultDataDir(cacheDir);
  // Of a sandbox that fell.
  await cleanUp(dataDir);
  removeState(cacheDir);
  const folder = stateFolder(cacheDir);
  const log = join(folder, 'supervisor.log');
  const file = openSync(log, 'w', 0o600);
  const supervisor = spawn(process.execPath, [join(import.meta.dirname, 'supervisor.ts')], {
    detached: true,
    stdio: ['ignore', file, file, 'ipc'],
  });
  closeSync(file);
  const abandon = () => supervisor.kill('SIGTERM');
  signal?.addEventListener('abort', abandon);
  try {
    await follow(supervisor, { ...options, cacheDir, dataDir }, progress, log);
  } finally {
    signal?.removeEventListener('abort', abandon);
    supervisor.unref();
  }
  return readState(cacheDir)!.addresses;
}

function defaultDataDir(cacheDir: string): string {
  return join(stateFolder(cacheDir), 'data');
}

/** Ends the sandbox in the background. False when none was up. */
export async function sandboxDown(cacheDir = cacheFolder()): Promise<boolean> {
  const state = readState(cacheDir);
  const up = state !== null && (await ask(state, 'POST', '/down')) !== null;
  if (up) {
    await gone(state.supervisorPid);
    return true;
  }
  // What the supervisor does at the end, one that fell cannot.
  await cleanUp(state?.addresses.dataDir ?? defaultDataDir(cacheDir));
  removeState(cacheDir);
  return false;
}

/** How the sandbox in the background is doing, part by part. */
export async function sandboxStatus(cacheDir = cacheFolder()): Promise<SandboxStatus> {
  const state = readState(cacheDir);
  if (state === null) return { kind: 'down' };
  const { supervisorPid, startedAt, addresses } = state;
  const parts = await ask(state, 'GET', '/status');
  return parts === null ? { kind: 'fallen', supervisorPid, startedAt } : { kind: 'up', supervisorPid, startedAt, addresses, parts };
}

/** Kills, starts or restarts one part of the sandbox in the background. */
export async function sandboxPart(verb: 'kill' | 'start' | 'restart', part: string, cacheDir = cacheFolder()): Promise<void> {
  const state = readState(cacheDir);
  const parts = state && (await ask(state, 'POST', `/${verb}/${part}`));
  if (!parts) throw new Error(`Cannot ${verb} ${part}: the sandbox is not up.`);
}

function follow(supervisor: ChildProcess, order: Order, progress: (line: string) => void, log: string): Promise<void> {
  return new Promise((resolve, reject) => {
    supervisor.once('error', reject);
    supervisor.once('exit', (code, signal) =>
      reject(new Error(`The sandbox ended with ${signal ?? `exit code ${code}`} before it was ready. Its log is ${log}.`)),
    );
    supervisor.on('message', (report: Report) => {
      switch (report.kind) {
        case 'listening':
          return void supervisor.send(order);
        case 'progress':
          return progress(report.line);
        case 'ready':
          return resolve();
        case 'failed':
          return reject(new Error(report.reason));
        default:
          return report satisfies never;
      }
    });
  });
}

/** The parts' status after the order; null when nobody is there, or somebody else. */
async function ask(state: SandboxState, method: 'GET' | 'POST', path: string): Promise<readonly PartStatus[] | null> {
  const headers = { authorization: `Bearer ${state.controlToken}` };
  const response = await fetch(`${state.controlUrl}${path}`, { method, headers, signal: AbortSignal.timeout(ANSWER_MS_MAX) }).catch(
    () => null,
  );
  if (response === null || response.status === 401 || response.status === 404) return null;
  if (!response.ok) throw new Error(((await response.json()) as { error: string }).error);
  return (await response.json()) as readonly PartStatus[];
}

async function gone(pid: number): Promise<void> {
  for (const began = Date.now(); Date.now() - began < GONE_MS_MAX; await pause(50)) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
  }
}
