import type { Board } from '../../guards/board.ts';
import { printable } from '../printable.ts';
import { caller } from './caller.ts';
import { type DeskOptions, withDesk } from './desk.ts';

/** What `guards reset` takes. */
export interface ResetOptions extends DeskOptions {
  readonly reason?: string;
}

/** @throws one sentence when nothing is called so: a slip must not look like a reset. */
export function resetGuard(name: string, { reason, ...options }: ResetOptions): Promise<void> {
  return withDesk(options, async ({ cluster, where, desk }) => {
    const fault = faultOf(name, where, await desk.board());
    if (fault !== null) throw new Error(fault);
    const by = caller();
    await desk.reset({ of: name, by, reason });
    const text = `${name === 'record' ? 'The record' : `The circuit breaker of ${printable(name)}`} of ${where} is reset by ${by}: what was before no longer counts against it.`;
    process.stdout.write(`${options.json ? JSON.stringify({ cluster, reset: name, by }) : text}\n`);
  });
}

function faultOf(name: string, where: string, { breakers }: Board): string | null {
  const names = [...new Set(breakers.map((breaker) => breaker.name))];
  if (name === 'record' || names.includes(name)) return null;
  const known = names.length === 0 ? 'none has anything to forget' : `those with something to forget are: ${names.join('; ')}`;
  return printable(`Cannot reset "${name}": no circuit breaker of ${where} with failures is called so; ${known}.`);
}
