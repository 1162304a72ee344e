import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import { objectsIn } from '../../clients/kubernetes/any-objects.ts';
import { cleanUp } from '../../drills/clean-up.ts';
import { DRILL_FIELD_MANAGER, DRILL_LABEL } from '../../drills/marks.ts';
import { drillWorkflowId } from '../../incident/drill-ids.ts';
import { loadKubeconfig } from '../../worker/kubeconfig.ts';
import { readSettings } from '../../worker/settings.ts';
import { withIncidents } from '../incidents/connect.ts';
import { printable } from '../printable.ts';
import { openProgress } from '../progress.ts';
import { clusterOf, type DrillsOptions } from './run.ts';

export type CleanOptions = DrillsOptions;

/** @throws one sentence where a drill is at work there */
export async function cleanDrills(options: CleanOptions): Promise<void> {
  const { namespace, json } = options;
  const running = await runningDrill(options);
  if (running !== null)
    throw new Error(
      `A drill is at work in the namespace ${namespace}, and takes away itself what it made: ${running}. To end it: temporal workflow cancel --workflow-id ${running}`,
    );
  const objects = objectsIn(loadKubeconfig(process.env), namespace, DRILL_FIELD_MANAGER);
  const progress = openProgress(`Taking away what drills left in ${namespace}`, 0);
  const taken = await cleanUp(objects, DRILL_LABEL, async (ms) => {
    progress.advance(1);
    await pause(ms);
  });
  const text = taken.length > 0 ? `Taken away: ${taken.join(', ')}.` : `No drill has left anything in the namespace ${namespace}.`;
  process.stdout.write(json ? `${JSON.stringify({ namespace, taken })}\n` : `${printable(text)}\n`);
}

/** The workflow of a drill that is at work; null: none is, or Temporal is away, without which none is gone on with. */
async function runningDrill(options: CleanOptions): Promise<string | null> {
  const id = drillWorkflowId(clusterOf(options, readSettings(process.env)), options.namespace);
  try {
    return await withIncidents(options.data, async ({ client }) => {
      const { status } = await client.workflow.getHandle(id).describe();
      return status.name === 'RUNNING' ? id : null;
    });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError))
      process.stderr.write(`Whether a drill is at work cannot be told: ${printable((error as Error).message)}\n`);
    return null;
  }
}
