import type { Board } from '../../guards/board.ts';
import type { Ledger } from '../../guards/ledger/ledger.ts';
import { suspectText } from '../../incident/suspect.ts';
import { commander } from '../caller.ts';
import { printable } from '../printable.ts';
import { type DeskOptions, withDesk } from './desk.ts';

/** What `guards reset` takes. */
export interface ResetOptions extends DeskOptions {
  readonly reason?: string;
}

/** @throws one sentence when nothing is called so: a slip must not look like a reset. */
export function resetGuard(name: string, { reason, ...options }: ResetOptions): Promise<void> {
  return withDesk(options, async ({ cluster, where, desk }) => {
    const fault = faultOf(name, where, await desk.board(), await desk.ledger());
    if (fault !== null) throw new Error(fault);
    const who = commander();
    const { name: by } = who;
    await desk.reset({ of: name, by: who, reason });
    const text = `Reset for ${where} by ${by}: ${printable(name)}. What was before no longer counts.`;
    process.stdout.write(`${options.json ? JSON.stringify({ cluster, reset: name, by }) : text}\n`);
  });
}

function faultOf(name: string, where: string, { breakers, demotions }: Board, { storms, heartbeats }: Ledger): string | null {
  const names = new Set([
    ...breakers.map((breaker) => breaker.name),
    ...demotions.map((demoted) => demoted.name),
    ...storms.map(({ suspect }) => suspectText(suspect)),
    ...Object.keys(heartbeats).map((source) => `source ${source}`),
    'record',
  ]);
  if (names.has(name)) return null;
  return printable(`Cannot reset "${name}": nothing of ${where} is called so. What can be reset: ${[...names].join('; ')}.`);
}
