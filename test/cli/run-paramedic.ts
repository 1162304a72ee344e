import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from '@jest/globals';
import { createObtainer } from '../../sandbox/obtain.ts';
import { COMPILED } from '../compiled.ts';

const { cacheDir } = createObtainer({ progress: () => undefined });
/** An empty home of its own for every file of tests: what a user has there plays no part, and nothing is left behind. */
export const home = mkdtempSync(join(tmpdir(), 'paramedic-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const checkout = join(import.meta.dirname, '..', '..');

/** What a command of ours printed, and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A process of ours that goes on. */
export interface Going {
  readonly child: ChildProcess;
  /** What it has printed until now. */
  readonly printed: () => Ran;
  readonly ended: Promise<Ran>;
}

/** Starts the real command line as a process of its own, in an environment with little but what is given. */
export function startParamedic(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Going {
  const child = spawn(process.execPath, [join(checkout, 'cli', 'paramedic.ts'), ...args], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: home, PARAMEDIC_CACHE: cacheDir, ...COMPILED, ...environment },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const printed = () => ({ code: child.exitCode, out, err });
  return { child, printed, ended: once(child, 'close').then(printed) };
}

/** Runs the real command line to its end. */
export function runParamedic(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return startParamedic(args, environment).ended;
}

/** Waits until a process of ours answers ready; its end before that is an error that shows what it printed. */
export async function untilReady({ child, printed }: Going, url: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`It ended before it was ready: ${JSON.stringify(printed())}`);
    if ((await statusOf(`${url}/readyz`)) === 200) return;
    await sleep(100);
  }
}

/** The status a URL answers with; null when nothing answers. */
export async function statusOf(url: string): Promise<number | null> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).status;
  } catch {
    return null;
  }
}
