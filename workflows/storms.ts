import { ChildWorkflowCancellationType, getExternalWorkflowHandle, isCancellation, startChild } from '@temporalio/workflow';
import type { Storm } from '../guards/ledger/ledger.ts';
import { commonCauseWorkflowId } from '../incident/incident.ts';
import { type Suspect, suspectText } from '../incident/suspect.ts';
import { commonCause } from './common-cause.ts';
import { type StormNow, stormNow } from './messages.ts';

/** A storm that has an incident of its own. */
export interface Led {
  readonly suspect: Suspect;
}

/** Gives each storm the one incident that leads, and tells it how the storm stands. Returns the storms that are led now. */
export async function leadStorms(cluster: string, storms: readonly Storm[], led: readonly Led[]): Promise<readonly Led[]> {
  const isOf = (one: Led) => (other: Led) => suspectText(one.suspect) === suspectText(other.suspect);
  for (const storm of storms) if (!led.some(isOf(storm))) await begin(cluster, storm);
  for (const { suspect, targets, targetCount } of storms) await tell(cluster, suspect, { targets, targetCount, isOver: false });
  for (const one of led.filter((before) => !storms.some(isOf(before))))
    await tell(cluster, one.suspect, { targets: [], targetCount: 0, isOver: true });
  return storms.map(({ suspect }) => ({ suspect }));
}

async function begin(cluster: string, { suspect }: Storm): Promise<void> {
  try {
    await startChild(commonCause, {
      workflowId: commonCauseWorkflowId(cluster, suspect),
      args: [{ cluster, suspect }],
      parentClosePolicy: 'ABANDON',
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      staticSummary: `Many targets fail that share ${suspectText(suspect)}`,
    });
  } catch (error) {
    // One that leads already goes on.
    if (isCancellation(error)) throw error;
  }
}

async function tell(cluster: string, suspect: Suspect, now: StormNow): Promise<void> {
  try {
    await getExternalWorkflowHandle(commonCauseWorkflowId(cluster, suspect)).signal(stormNow, now);
  } catch (error) {
    // A person may have ended it by hand.
    if (isCancellation(error)) throw error;
  }
}
