import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LAST_LINES = 15;

/** A server to start, and the address that answers once it is ready. */
export interface ServerSpec {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Ready when this answers with a status below 400; null: ready at once. */
  readonly readyUrl: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running server. */
export interface ServerProcess {
  readonly name: string;
  readonly logPath: string;
  /** Ends it, and returns when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a server and waits until it answers.
 * @throws when it exits or does not answer in time; the error ends with the last lines of its log.
 */
export async function startServer(spec: ServerSpec, folder: string, timeoutMs = 60_000): Promise<ServerProcess> {
  const logPath = join(folder, `${spec.name}.log`);
  const log = openSync(logPath, 'a');
  const child = spawn(spec.program, spec.args, { stdio: ['ignore', log, log] });
  closeSync(log);
  // A process of ours that ends in any orderly way takes its servers along.
  const atExit = () => child.kill('SIGKILL');
  process.once('exit', atExit);
  const gone = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => {
    process.removeListener('exit', atExit);
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    const impatience = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(impatience);
  };
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady(spec))) {
    const why = hasExited(child) ? 'exited' : Date.now() > deadline ? `did not answer within ${timeoutMs / 1000} s` : null;
    if (why) {
      await stop('SIGKILL');
      throw new Error(`${spec.name} ${why}; its log is ${logPath} and ends:\n${lastLines(logPath)}`);
    }
    await sleep(100);
  }
  return { name: spec.name, logPath, stop };
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

async function isReady({ readyUrl, headers }: ServerSpec): Promise<boolean> {
  if (readyUrl === null) return true;
  try {
    const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(2_000), ...(headers ? { headers } : {}) });
    await answer.body?.cancel();
    return answer.status < 400;
  } catch {
    return false;
  }
}

function lastLines(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}
