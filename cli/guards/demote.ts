import { liftCommand } from '../../guards/ledger/demotions.ts';
import { commander } from '../caller.ts';
import { printable } from '../printable.ts';
import { type DeskOptions, withDesk } from './desk.ts';

/** What `guards demote` takes. */
export interface DemoteOptions extends DeskOptions {
  readonly remedy?: string;
  readonly namespace?: string;
  readonly reason: string;
}

export function demote(runbook: string, { remedy, namespace, reason, ...options }: DemoteOptions): Promise<void> {
  return withDesk(options, async ({ cluster, where, desk }) => {
    if (cluster === null) throw new Error('Cannot demote in all clusters at once: leave --all-clusters out, and say it for each.');
    const name = await desk.demote({ runbook, remedy, namespace, reason, by: commander() });
    const text = `In ${where} a person is asked from now on: ${name}. To end it: ${liftCommand(name)}`;
    process.stdout.write(`${options.json ? JSON.stringify({ cluster, demoted: name }) : printable(text)}\n`);
  });
}
