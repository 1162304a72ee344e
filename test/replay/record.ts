/** Records the scenarios' histories anew: `npm run record-histories`. Only after a change that is meant to be incompatible. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { runbook, runIncident, setTheStage } from '../workflows/incident-run.ts';
import { scenarios } from './scenarios.ts';

const checkout = join(import.meta.dirname, '..', '..');
const stage = await setTheStage();
try {
  for (const [name, { failureType, runbook: change, cluster, decision }] of Object.entries(scenarios)) {
    const { workflowId, outcome } = await runIncident(stage, runbook(failureType, change), cluster(), undefined, undefined, decision);
    const history = await stage.environment.client.workflow.getHandle(workflowId).fetchHistory();
    // A history must not tell on which machine, and where, it was made.
    const text = historyToJSON(history)
      .replaceAll(checkout, '')
      .replaceAll(/"identity":\s*"[^"]*"/g, '"identity": "recorder"');
    writeFileSync(join(import.meta.dirname, 'histories', `${name}.json`), `${JSON.stringify(JSON.parse(text))}\n`);
    console.log(`${name}: ${history.events?.length} events, ${outcome.kind}`);
  }
} finally {
  await stage.leave();
}
