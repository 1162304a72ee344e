import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Outcome } from '../../incident/incident.ts';
import { modelRecordKeeper } from '../../worker/model-records.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { alertResolved, story } from '../../workflows/messages.ts';
import { BAD_URI } from '../evidence.ts';
import { layer } from '../limits.ts';
import { until } from '../until.ts';
import { newTarget, runbook, type Stage, setTheStage, untilTold } from './incident-run.ts';

// Temporal waits a minute for whoever has died over a confirmation.
jest.setTimeout(400_000);

let stage: Stage;
const folders: string[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(async () => {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) await end(child);
  await stage?.leave();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** A worker as a process of its own. @param hold where it goes no further */
function startWorker(cluster: string, folder: string, hold = ''): ChildProcess {
  const script = join(import.meta.dirname, 'mortal-worker.ts');
  const { environment, workflowBundle } = stage;
  const place = [environment.address, environment.client.options.namespace, taskQueueOf(cluster)];
  const args = [script, ...place, workflowBundle.codePath, folder, hold];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  return child;
}

type Lines = (name: 'acts' | 'marks' | 'audit') => readonly string[];

/** Has a worker die over a rollback at a moment, and another one go on. Returns what became of it. */
async function rollBack(hold: string, isReached: (lines: Lines) => boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'paramedic-killed-'));
  folders.push(folder);
  const lines: Lines = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trim().split('\n') : []);
  const target = newTarget('InferenceService');
  const incident = await stage.environment.client.workflow.start('modelServingFailure', {
    workflowId: `test/${crypto.randomUUID()}`,
    taskQueue: taskQueueOf(target.cluster),
    args: [{ target, runbook: runbook('modelServingFailure'), limits: [layer()] }],
  });
  const doomed = startWorker(target.cluster, folder, hold);
  await until(`the worker has come to ${hold}`, async () => isReached(lines));
  await until('it is confirmed', async () => {
    const { pendingActivities } = (await incident.describe()).raw;
    return pendingActivities?.some((one) => one.activityType?.name === 'confirmModelVersion' && one.lastStartedTime) ?? false;
  });
  await end(doomed);
  const marksAtDeath = lines('marks');

  const next = startWorker(target.cluster, folder);
  await until('it answers', () =>
    incident.query(story).then(
      () => true,
      () => false,
    ),
  );
  await untilTold(incident, /Alias production of churn is moved to version 1 from 2/);
  await incident.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
  const { kind } = (await incident.result()) as Outcome;
  const record = await modelRecordKeeper(stage.environment.client).kept({ cluster: target.cluster, registry: 'mlflow', model: 'churn' });
  await end(next);
  return { incident: incident.workflowId, kind, marksAtDeath, acts: lines('acts'), marks: lines('marks'), record };
}

const MOMENTS: readonly [string, string, (lines: Lines) => boolean][] = [
  ['before anything is written into the registry', 'read', (lines) => lines('audit').some((line) => line.includes('Confirming'))],
  ['after the bad version is quarantined there', 'quarantined', (lines) => lines('marks').includes('quarantined 2')],
];

describe('a rollback whose worker is killed after the good version serves and before the alias is moved', () => {
  // All wait for the same minute.
  const rollbacks = new Map<string, ReturnType<typeof rollBack>>();
  beforeAll(() => {
    for (const [, hold, isReached] of MOMENTS) {
      const rollback = rollBack(hold, isReached);
      rollback.catch(() => undefined);
      rollbacks.set(hold, rollback);
    }
  });

  it.each(MOMENTS)('goes on, %s, and ends consistent, served once (safety 1)', async (_moment, hold) => {
    const { incident, kind, marksAtDeath, acts, marks, record } = await rollbacks.get(hold)!;
    expect(marksAtDeath).not.toContain('alias production 1');
    expect(kind).toBe('recovered');
    expect(acts).toEqual(['modelVersion']);
    expect(marks).toEqual(['quarantined 2', 'alias production 1']);
    expect(record?.quarantined).toEqual([expect.objectContaining({ version: '2', address: BAD_URI, by: incident })]);
  });
});
