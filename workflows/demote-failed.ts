import { sayToOffice } from './calls.ts';
import type { DrillResult } from './drill-messages.ts';
import { settled } from './settled.ts';

/**
 * Has a person asked before each act of the runbooks whose drills failed, wherever in the cluster, until one vouches for them. An office
 * that cannot be told grants nothing either.
 */
export async function demoteFailed(cluster: string, all: readonly DrillResult[]): Promise<void> {
  for (const { verdict, runbook, title } of all) {
    if (verdict !== 'failed' || runbook === null) continue;
    const demoted = { runbook, remedy: null, namespace: null, why: `its drill "${title}" failed` };
    await settled(() => sayToOffice('Permit office: the drill of a runbook failed', cluster, { kind: 'demote', demoted }));
  }
}
