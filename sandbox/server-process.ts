import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { killGroup, spawnTied } from './lifeline.ts';
import { lastLines } from './log-file.ts';

const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 5_000;

/** A server to start. */
export interface ServerSpec {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly logPath: string;
}

/** A server that was started, and may have ended since. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number | undefined;
  readonly logPath: string;
  /** How it ended, in words; null while it runs. */
  ended(): string | null;
  /**
   * Waits until it answers.
   * @throws when it ends or does not answer in time; the error ends with the last lines of its log.
   */
  untilReady(isReady: () => Promise<boolean>, readyMsMax?: number): Promise<void>;
  /** Ends it, and returns when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a server that ends with this process, if not before. */
export function startServer({ name, program, args, env, cwd, logPath }: ServerSpec): ServerProcess {
  const log = openSync(logPath, 'a', 0o600);
  const child = spawnTied(program, args, { env, cwd, output: log });
  closeSync(log);
  let failure: string | null = null;
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      failure = `could not be started: ${error.message}`;
      resolve();
    });
    child.once('exit', () => resolve());
  });
  const ended = () => failure ?? howItEnded(child);
  async function stop(signal: NodeJS.Signals = 'SIGTERM') {
    if (ended() !== null || child.pid === undefined) return;
    killGroup(child.pid, signal);
    const impatience = setTimeout(() => killGroup(child.pid!, 'SIGKILL'), STOP_MS_MAX);
    await gone;
    clearTimeout(impatience);
  }
  async function untilReady(isReady: () => Promise<boolean>, readyMsMax = READY_MS_MAX) {
    for (const began = Date.now(); ; await pause(50)) {
      if (ended() === null && (await isReady()) && ended() === null) return;
      const late = Date.now() - began > readyMsMax ? `did not answer within ${readyMsMax / 1000} s` : null;
      const why = ended() ?? late;
      if (!why) continue;
      await stop('SIGKILL');
      throw new Error(`${name} ${why}. Its log is ${logPath} and ends:\n${lastLines(logPath)}`);
    }
  }
  return { name, pid: child.pid, logPath, ended, untilReady, stop };
}

function howItEnded({ exitCode, signalCode }: ChildProcess): string | null {
  if (signalCode !== null) return `was ended by ${signalCode}`;
  return exitCode === null ? null : `exited with ${exitCode}`;
}
