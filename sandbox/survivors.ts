import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { killGroup } from './lifeline.ts';

/** A process, and by its command line a way to tell it from a stranger that has got its id since. */
export interface KnownProcess {
  readonly pid: number;
  readonly command: string;
}

/** What some processes are; those that are gone are left out. */
export async function knownProcesses(pids: readonly number[]): Promise<KnownProcess[]> {
  if (pids.length === 0) return [];
  const asked = promisify(execFile)('ps', ['-ww', '-o', 'pid=,args=', '-p', pids.join(',')]);
  // It fails when all of them are gone.
  const { stdout } = await asked.catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  return stdout.split('\n').flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && command ? [{ pid: Number(pid), command }] : [];
  });
}

/** Kills those of these process groups that are still what they were. The lifeline does, unless somebody killed it, too. */
export async function endSurvivors(known: readonly KnownProcess[]): Promise<void> {
  const now = await knownProcesses(known.map(({ pid }) => pid));
  const isSame = ({ pid, command }: KnownProcess) => known.some((one) => one.pid === pid && one.command === command);
  for (const { pid } of now.filter(isSame)) killGroup(pid, 'SIGKILL');
}
