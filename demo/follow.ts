import { setTimeout as pause } from 'node:timers/promises';
import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { incidentWorkflowId, type Outcome } from '../incident/incident.ts';
import { story } from '../workflows/messages.ts';
import type { Breakage } from './breakage.ts';

const LOOK_EVERY_MS = 500;
const PATIENCE_MS = 10 * 60_000;

/** An incident from the breakage to its end. */
export interface Followed {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: Date;
  readonly outcome: Outcome;
}

/**
 * Follows the incident of a breakage to its end and tells each sentence of its story once.
 * @throws when none begins, or it does not end, within ten minutes, or the signal is aborted.
 */
export async function follow(
  client: Client,
  { failureType, target }: Breakage,
  brokenAt: Date,
  tell: (sentence: string) => void,
  signal: AbortSignal,
): Promise<Followed> {
  const workflowId = incidentWorkflowId(failureType, target);
  let told = 0;
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS; await pause(LOOK_EVERY_MS, undefined, { signal })) {
    const incident = await describe(client, workflowId);
    // One that began earlier is an earlier demo's.
    if (!incident || incident.startTime < brokenAt) continue;
    const handle = client.workflow.getHandle(workflowId, incident.runId);
    const sentences = await handle.query(story);
    for (const sentence of sentences.slice(told)) tell(sentence);
    told = sentences.length;
    if (incident.status.name === 'RUNNING') continue;
    return { workflowId, runId: incident.runId, startedAt: incident.startTime, outcome: (await handle.result()) as Outcome };
  }
  throw new Error(`The incident ${workflowId} ${told === 0 ? 'did not begin' : 'did not end'} within ${PATIENCE_MS / 60_000} minutes.`);
}

/** Waits until no incident of the target is open, so that the next one is about what comes next. */
export async function untilNoneIsOpen(client: Client, { failureType, target }: Breakage, signal: AbortSignal): Promise<void> {
  const workflowId = incidentWorkflowId(failureType, target);
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS; await pause(LOOK_EVERY_MS, undefined, { signal }))
    if ((await describe(client, workflowId))?.status.name !== 'RUNNING') return;
  throw new Error(`The incident ${workflowId} of an earlier failure did not end within ${PATIENCE_MS / 60_000} minutes.`);
}

async function describe(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | null> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
