/** Records histories anew: `npm run record-histories [-- NAME…]`. Only after a change that is meant to be incompatible. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { runbook, runIncident, setTheStage } from '../workflows/incident-run.ts';
import { EXPERIENCE_HISTORIES, playExperience } from './experience-story.ts';
import { JOINING_HISTORIES, playJoining } from './joining-story.ts';
import { MODEL_HISTORIES, playModel } from './model-story.ts';
import { OFFICE_HISTORIES, playOffice } from './office-story.ts';
import { scenarios } from './scenarios.ts';

const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
const checkout = join(import.meta.dirname, '..', '..');
const stage = await setTheStage();
try {
  for (const [name, { failureType, runbook: change, cluster, decision }] of Object.entries(scenarios).filter(([name]) => isWanted(name))) {
    const { workflowId } = await runIncident(stage, runbook(failureType, change), cluster(), undefined, undefined, decision);
    await record(name, stage.environment.client.workflow.getHandle(workflowId));
  }
  if (OFFICE_HISTORIES.some(isWanted))
    for (const [name, handle] of Object.entries(await playOffice(stage))) if (isWanted(name)) await record(name, handle);
  if (JOINING_HISTORIES.some(isWanted)) for (const [name, handle] of Object.entries(await playJoining(stage))) await record(name, handle);
  if (MODEL_HISTORIES.some(isWanted)) for (const [name, handle] of Object.entries(await playModel(stage))) await record(name, handle);
  if (EXPERIENCE_HISTORIES.some(isWanted))
    for (const [name, handle] of Object.entries(await playExperience(stage))) if (isWanted(name)) await record(name, handle);
} finally {
  await stage.leave();
}

async function record(name: string, handle: WorkflowHandle): Promise<void> {
  const history = await handle.fetchHistory();
  // A history must not tell on which machine, and where, it was made.
  const text = historyToJSON(history)
    .replaceAll(checkout, '')
    .replaceAll(/"identity":\s*"[^"]*"/g, '"identity": "recorder"');
  writeFileSync(join(import.meta.dirname, 'histories', `${name}.json`), `${JSON.stringify(JSON.parse(text))}\n`);
  console.log(`${name}: ${history.events?.length} events`);
}
