import type { Connection } from '@temporalio/client';
import { alertByHand } from '../../gateway/by-hand.ts';
import { takeAlert } from '../../gateway/intake.ts';
import { loadKubeconfig } from '../../worker/kubeconfig.ts';
import { loadPolicy, openIntake } from '../../worker/services.ts';
import { printable } from '../printable.ts';
import { withIncidents } from './connect.ts';

/** What `incidents raise` takes. */
export interface RaiseRequest {
  readonly label: Readonly<Record<string, string>>;
  readonly says: string;
  readonly over?: true;
  readonly by: string;
  readonly data: string;
  readonly json?: true;
}

/** @throws one sentence when no runbook answers it, or its target cannot be told */
export function raiseIncident(alert: string, { label: labels, says, over, by, data, json }: RaiseRequest): Promise<void> {
  return withIncidents(data, async ({ client, settings }) => {
    const intake = openIntake(settings, loadPolicy(settings, false), loadKubeconfig(process.env), client.connection as Connection);
    const who = { id: by, name: by, way: 'commandLine' as const, groups: [] };
    const taken = await takeAlert(alertByHand({ alert, labels, says, isOver: over ?? false }, who), intake);
    if (taken.kind === 'ignored') throw new Error(printable(taken.reason));
    if (taken.kind === 'alive') throw new Error(`"${alert}" is no incident.`);
    const text = taken.kind === 'resolved' ? `Over: ${taken.incident}\n` : `Raised: ${taken.incident}\n`;
    process.stdout.write(json ? `${JSON.stringify(taken)}\n` : printable(text.trimEnd()).concat('\n'));
  });
}
