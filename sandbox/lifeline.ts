import { type ChildProcess, type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

const script = join(import.meta.dirname, 'lifeline.sh');
/** Waits for a line, so that a process is held by the lifeline before it runs; if its owner dies meanwhile it never runs. */
const GATE = 'read -r go && exec "$@" </dev/null';

/** The process groups that end with this process. */
const held = new Set<number>();
let lifeline: Lifeline | null = null;
/** Scripts that the lifeline runs when this process has ended, once the groups are killed. */
const scripts = new Set<string>();

type Lifeline = ChildProcessByStdio<Writable, null, null>;

/**
 * Starts a program in a process group of its own that does not outlive this process, even if that is killed with SIGKILL: a
 * tiny watcher holds the other end of a pipe, and kills the group when the pipe closes. Children of the group end with it.
 * The caller sees to standard output and error; standard input is empty.
 */
export function spawnTied(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env'> & { readonly output: number | 'pipe' },
): ChildProcess {
  const { output, ...rest } = options;
  const child = spawn('/bin/sh', ['-c', GATE, 'sh', program, ...args], {
    ...rest,
    detached: true,
    stdio: ['pipe', output, output],
  });
  const gate = child.stdin!;
  // A program that ended before it took its line has nothing more to read.
  gate.on('error', () => {});
  const group = child.pid;
  if (group === undefined) return child;
  hold(group, () => gate.end('go\n'));
  child.once('exit', () => {
    // What it leaves of its own children goes too.
    killGroup(group, 'SIGKILL');
    release(group);
  });
  return child;
}

/** Has the lifeline run a script, should this process end before it could do the same itself. */
export function doAtTheEnd(script: string): void {
  scripts.add(script);
  lifeline?.stdin.write(`! ${script}\n`);
}

/** Takes that back. */
export function leaveUndone(script: string): void {
  scripts.delete(script);
  lifeline?.stdin.write(`x ${script}\n`);
  endIdleLifeline();
}

/** Sends a signal to every process of a group; false when there is none any more. */
export function killGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

function hold(group: number, then: () => void): void {
  held.add(group);
  if (lifeline) lifeline.stdin.write(`+ ${group}\n`, then);
  else lifeline = newLifeline(then);
}

function release(group: number): void {
  held.delete(group);
  lifeline?.stdin.write(`- ${group}\n`);
  endIdleLifeline();
}

function endIdleLifeline(): void {
  if (held.size > 0 || scripts.size > 0) return;
  lifeline?.stdin.end();
  lifeline = null;
}

function newLifeline(then: () => void): Lifeline {
  const child = spawn('/bin/sh', [script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => {});
  child.once('exit', () => {
    // Somebody killed it while it was needed.
    if (lifeline === child) lifeline = held.size > 0 || scripts.size > 0 ? newLifeline(() => {}) : null;
  });
  child.unref();
  const all = [...[...held].map((group) => `+ ${group}\n`), ...[...scripts].map((script) => `! ${script}\n`)];
  child.stdin.write(all.join(''), then);
  return child;
}
