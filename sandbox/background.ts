import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Addresses } from './addresses.ts';
import { cacheFolder } from './cache-folder.ts';
import { cleanUp } from './clean-up.ts';
import type { PartStatus } from './running-part.ts';
import type { SandboxOptions } from './sandbox.ts';
import { readState, removeState, type SandboxState, stateFolder, supervisorLogPath } from './state.ts';
import type { Order, Report } from './supervisor.ts';
import { endSurvivors } from './survivors.ts';

const STATUS_MS_MAX = 5_000;
const ORDER_MS_MAX = 90_000;
const GONE_MS_MAX = 30_000;

/** How a sandbox in the background is brought up; folders left out are those of this user's cache. */
export interface SandboxUpOptions extends Omit<SandboxOptions, 'cacheDir' | 'dataDir'> {
  readonly cacheDir?: string;
  readonly dataDir?: string;
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
  | { readonly kind: 'comingUp'; readonly supervisorPid: number; readonly startedAt: string; readonly logPath: string }
  /** Its supervisor ended without being asked to. */
  | { readonly kind: 'fallen'; readonly supervisorPid: number; readonly startedAt: string; readonly logPath: string };

/**
 * Brings the sandbox up in the background and returns when it is ready; it stays up when this process ends.
 * @throws when it is up already, or a part fails; nothing is left running then.
 */
export async function sandboxUp({ signal, progress, ...options }: SandboxUpOptions): Promise<Addresses> {
  const cacheDir = resolve(options.cacheDir ?? cacheFolder());
  const dataDir = resolve(options.dataDir ?? defaultDataDir(cacheDir));
  await makeRoom(cacheDir);
  await cleanUp(dataDir);
  const log = supervisorLogPath(cacheDir);
  const file = openSync(log, 'a', 0o600);
  const supervisor = spawn(process.execPath, [join(import.meta.dirname, 'supervisor.ts')], {
    detached: true,
    // Not in whatever folder it happened to be started, which is nothing to hold on to.
    cwd: stateFolder(cacheDir),
    stdio: ['ignore', file, file, 'ipc'],
  });
  closeSync(file);
  const abandon = () => supervisor.kill('SIGTERM');
  if (signal?.aborted) abandon();
  signal?.addEventListener('abort', abandon);
  try {
    await follow(supervisor, { ...options, cacheDir, dataDir }, progress, log);
  } catch (error) {
    await gone(supervisor.pid);
    throw error;
  } finally {
    signal?.removeEventListener('abort', abandon);
    supervisor.unref();
  }
  const addresses = readState(cacheDir)?.addresses;
  if (!addresses) throw new Error(`The sandbox was ended as soon as it was ready. Its log is ${log}.`);
  return addresses;
}

function defaultDataDir(cacheDir: string): string {
  return join(stateFolder(cacheDir), 'data');
}

/** @throws when one is up or coming up; what has fallen is cleared away */
async function makeRoom(cacheDir: string): Promise<void> {
  const before = await sandboxStatus(cacheDir);
  switch (before.kind) {
    case 'up':
      throw new Error(`The sandbox is already up, by process ${before.supervisorPid}. End it first.`);
    case 'comingUp':
      throw new Error(`The sandbox is already coming up, by process ${before.supervisorPid}. Its log is ${before.logPath}.`);
    case 'down':
    case 'fallen':
      await sandboxDown(cacheDir);
      return;
    default:
      before satisfies never;
  }
}

/** Ends the sandbox in the background, also while it comes up, or what is left of one that has fallen. False when none was up. */
export async function sandboxDown(cacheDir = cacheFolder()): Promise<boolean> {
  const state = readState(cacheDir);
  const answered = state !== null && (await ask(state, 'POST', '/down')) !== null;
  if (answered) await gone(state.supervisorPid);
  else {
    // What the supervisor does at the end, one that fell cannot.
    await endSurvivors(state?.servers ?? []);
    await cleanUp(state?.dataDir ?? defaultDataDir(cacheDir));
    removeState(cacheDir);
  }
  return answered;
}

/** How the sandbox in the background is doing, part by part. */
export async function sandboxStatus(cacheDir = cacheFolder()): Promise<SandboxStatus> {
  const state = readState(cacheDir);
  if (state === null) return { kind: 'down' };
  const { supervisorPid, startedAt, addresses } = state;
  const logPath = supervisorLogPath(cacheDir);
  const parts = await ask(state, 'GET', '/status');
  if (parts === null) return { kind: 'fallen', supervisorPid, startedAt, logPath };
  if (addresses === null) return { kind: 'comingUp', supervisorPid, startedAt, logPath };
  return { kind: 'up', supervisorPid, startedAt, addresses, parts };
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
      reject(new Error(`The sandbox's supervisor ended with ${signal ?? `exit code ${code}`} before it was ready. Its log is ${log}.`)),
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
  const patience = AbortSignal.timeout(method === 'GET' ? STATUS_MS_MAX : ORDER_MS_MAX);
  const response = await fetch(`${state.controlUrl}${path}`, { method, headers, signal: patience }).catch(() => null);
  const answer = (await response?.json().catch(() => null)) ?? null;
  if (response?.status === 409) throw new Error((answer as { error: string }).error);
  return response?.ok && Array.isArray(answer) ? (answer as readonly PartStatus[]) : null;
}

async function gone(pid: number | undefined): Promise<void> {
  const isThere = () => pid !== undefined && exists(pid);
  for (const began = Date.now(); isThere() && Date.now() - began < GONE_MS_MAX; ) await pause(50);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
