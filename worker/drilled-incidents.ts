import { setTimeout as pause } from 'node:timers/promises';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { DrilledIncidents } from '../clients/drilled-incidents.ts';
import type { Outcome } from '../incident/incident.ts';
import { incidentAttributes } from '../workflows/search-attributes.ts';
import { orNullIfGone } from './or-null-if-gone.ts';

const ENDS_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 500;

/** The incidents of drills as workflows of the Temporal that the client reaches. @param take by which alerts are taken in */
export function drilledIncidents({ workflow }: Pick<Client, 'workflow'>, take: DrilledIncidents['take']): DrilledIncidents {
  /** Null where it began before. */
  async function describe(incident: string, sinceMs: number): Promise<WorkflowExecutionDescription | null> {
    const description = await orNullIfGone(() => workflow.getHandle(incident).describe());
    return description !== null && description.startTime.getTime() >= sinceMs ? description : null;
  }

  return {
    take,
    async see(incident, sinceMs) {
      const description = await describe(incident, sinceMs);
      if (description === null) return null;
      const { runId: run, status, typedSearchAttributes: labels } = description;
      const outcome = status.name === 'COMPLETED' ? ((await workflow.getHandle(incident, run).result()) as Outcome) : null;
      return { run, outcome, phase: labels.get(incidentAttributes.phase) ?? null, cause: labels.get(incidentAttributes.cause) ?? null };
    },
    async end(incident, sinceMs) {
      const found = await describe(incident, sinceMs);
      if (found?.status.name !== 'RUNNING') return;
      const handle = workflow.getHandle(incident, found.runId);
      await handle.cancel();
      // So that it is no incident of the drill that comes next.
      for (const endMs = Date.now() + ENDS_WITHIN_MS; Date.now() < endMs; await pause(LOOK_EVERY_MS))
        if ((await handle.describe()).status.name !== 'RUNNING') return;
    },
  };
}
