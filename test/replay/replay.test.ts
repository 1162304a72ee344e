import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { EXPERIENCE_HISTORIES } from './experience-story.ts';
import { JOINING_HISTORIES } from './joining-story.ts';
import { MODEL_HISTORIES } from './model-story.ts';
import { OFFICE_HISTORIES } from './office-story.ts';
import { scenarios } from './scenarios.ts';

const folder = join(import.meta.dirname, 'histories');
const read = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const names = [...Object.keys(scenarios), ...OFFICE_HISTORIES, ...JOINING_HISTORIES, ...MODEL_HISTORIES, ...EXPERIENCE_HISTORIES];
let workflowBundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  workflowBundle = await bundleWorkflows();
}, 120_000);

const replay = (history: unknown) => Worker.runReplayHistory({ workflowBundle }, historyFromJSON(history));

describe('a recorded history', () => {
  it('exists for each scenario, and none without one', () => {
    expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.json`).sort());
  });

  it.each(names)('replays on the workflows as they are now: %s', async (name) => {
    await replay(read(name));
  });

  it('does not replay on a workflow that does something else', async () => {
    const changed = JSON.parse(JSON.stringify(read('pod-crash-recovered')).replaceAll('"planAct"', '"planSomethingElse"'));
    await expect(replay(changed)).rejects.toThrow(/determinism/i);
  });
});
