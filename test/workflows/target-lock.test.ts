import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { targetLockWorkflowId } from '../../incident/incident.ts';
import { evidence, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, runbook, runIncident, type Stage, setTheStage } from './incident-run.ts';

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.environment.teardown());

it('an incident acts on a target only when no other incident does', async () => {
  const target = newTarget();
  const lock = await stage.environment.client.workflow.start('targetLock', {
    workflowId: targetLockWorkflowId(target),
    taskQueue: 'nobody',
  });
  const cluster = scriptedCluster([badRelease, healthy]);
  const run = runIncident(stage, runbook('podCrash'), cluster, target);
  const refused = new Promise<void>((resolve) => {
    const observe = cluster.observe;
    let looks = 0;
    cluster.observe = (seen) => {
      if (++looks === 2) resolve();
      return observe(seen);
    };
  });
  await refused;
  expect(cluster.acts).toEqual([]);
  await lock.terminate();
  const { outcome, told } = await run;
  expect(outcome.kind).toBe('recovered');
  expect(told.some((line) => line.includes('Another incident acts on'))).toBe(true);
}, 60_000);
