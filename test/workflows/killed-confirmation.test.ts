import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Outcome } from '../../incident/incident.ts';
import { modelRecordKeeper } from '../../worker/model-records.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { alertResolved } from '../../workflows/messages.ts';
import { BAD_URI } from '../evidence.ts';
import { layer } from '../limits.ts';
import { until } from '../until.ts';
import { newTarget, runbook, type Stage, setTheStage, untilTold } from './incident-run.ts';

// Temporal waits a minute for whoever has died over a confirmation.
jest.setTimeout(400_000);

let stage: Stage;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  stage = await setTheStage();
  folder = mkdtempSync(join(tmpdir(), 'paramedic-killed-'));
  writeFileSync(join(folder, 'bundle.cjs'), stage.workflowBundle.code);
}, 3_600_000);

afterAll(async () => {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) await end(child);
  await stage?.leave();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** A worker as a process of its own. @param hold where it goes no further */
function startWorker(cluster: string, hold = ''): ChildProcess {
  const script = join(import.meta.dirname, 'mortal-worker.ts');
  const args = [script, stage.environment.address, taskQueueOf(cluster), join(folder, 'bundle.cjs'), folder, hold];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  return child;
}

const lines = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trim().split('\n') : []);

describe('a rollback whose worker is killed after the good version serves and before the alias is moved', () => {
  it.each([
    ['before anything is written into the registry', 'read', () => lines('audit').some((line) => line.includes('Confirming'))],
    ['after the bad version is quarantined there', 'quarantined', () => lines('marks').includes('quarantined 2')],
  ])('goes on, %s, and ends consistent, served once (safety 1)', async (_moment, hold, isReached) => {
    for (const name of ['acts', 'marks', 'audit']) rmSync(join(folder, name), { force: true });
    const target = newTarget('InferenceService');
    const chosen = runbook('modelServingFailure');
    const incident = await stage.environment.client.workflow.start('modelServingFailure', {
      workflowId: `test/${crypto.randomUUID()}`,
      taskQueue: taskQueueOf(target.cluster),
      args: [{ target, runbook: chosen, limits: [layer()] }],
    });
    const doomed = startWorker(target.cluster, hold);
    await until(`the worker has come to ${hold}`, async () => isReached());
    await until('it is confirmed', async () => {
      const { pendingActivities } = (await incident.describe()).raw;
      return pendingActivities?.some((one) => one.activityType?.name === 'confirmModelVersion' && one.lastStartedTime) ?? false;
    });
    await end(doomed);
    expect(lines('marks')).not.toContain('alias production 1');

    const next = startWorker(target.cluster);
    await untilTold(incident, /Alias production of churn is moved to version 1 from 2/);
    await incident.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
    expect(((await incident.result()) as Outcome).kind).toBe('recovered');
    expect(lines('acts')).toEqual(['modelVersion']);
    expect(lines('marks')).toEqual(['quarantined 2', 'alias production 1']);
    const of = { cluster: target.cluster, registry: 'mlflow', model: 'churn' };
    const record = await modelRecordKeeper(stage.environment.client).kept(of);
    expect(record?.quarantined).toEqual([expect.objectContaining({ version: '2', address: BAD_URI, by: incident.workflowId })]);
    await end(next);
  });
});
