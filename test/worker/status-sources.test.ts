import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { incidentWorkflowId } from '../../incident/incident.ts';
import type { Target } from '../../incident/target.ts';
import { freePort } from '../../worker/listen.ts';
import { permitDesk } from '../../worker/permit-desk.ts';
import { permitOffices } from '../../worker/permit-offices.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { statusSources } from '../../worker/status-sources.ts';
import { alertResolved, decide, type IncidentInput } from '../../workflows/messages.ts';
import { evidence, sickPod } from '../evidence.ts';
import { layer } from '../limits.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, runbook, type Stage, setTheStage } from '../workflows/incident-run.ts';
import { standWorker } from '../workflows/stand-worker.ts';

const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

function of(cluster: string) {
  return statusSources(stage.environment.client, cluster, (id, run) => `http://ui/${id}/${run}`);
}

function begin(target: Target, change: Parameters<typeof runbook>[1] = {}) {
  const input: IncidentInput = { target, runbook: runbook('podCrash', change), limits: [layer()] };
  const workflowId = incidentWorkflowId('podCrash', target);
  return stage.environment.client.workflow.start('podCrash', { workflowId, taskQueue: taskQueueOf(target.cluster), args: [input] });
}

describe('what a gateway reads of its cluster', () => {
  it('has an incident that no worker has begun, and says that no worker tells of guards', async () => {
    const target = newTarget();
    const { workflowId, firstExecutionRunId } = await begin(target);
    const { open, asked, board } = of(target.cluster);
    await until('it is listed', async () => (await open()).total === 1);
    expect((await open()).rows).toEqual([
      expect.objectContaining({
        ...{ id: workflowId, state: 'open', failureType: 'podCrash', phase: null, target: null },
        link: `http://ui/${workflowId}/${firstExecutionRunId}`,
      }),
    ]);
    expect(await asked(workflowId)).toBeNull();
    expect(await board(target.cluster)).toBeNull();
    // To look is not to open an office.
    await expect(stage.environment.client.workflow.getHandle(`permit-office/${target.cluster}`).describe()).rejects.toThrow('not found');
  });

  it('has what is asked until somebody decides, what the guards hold back, and what ended, of its own cluster alone', async () => {
    const target = newTarget();
    const worker = await standWorker(stage, target.cluster, scriptedCluster([badRelease]));
    const { open, asked, board, closedSince } = of(target.cluster);
    const began = Date.now();
    try {
      const handle = await begin(target, { mode: 'approve' });
      await until('it asks', async () => (await asked(handle.workflowId)) !== null);
      const question = await asked(handle.workflowId);
      expect(question).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{8}$/),
        plan: 'undoRelease (revision 2 (ranker:2) → revision 1 (ranker:2))',
        expiresAt: expect.stringMatching(/Z$/),
        options: null,
      });
      await until('it is listed so', async () => (await open()).rows[0]?.phase === 'asking');

      const offices = permitOffices(stage.environment.client, taskQueueOf(target.cluster));
      await permitDesk(stage.environment.client, offices, target.cluster, 10_000).freeze({ by: 'ann', reason: 'release' });
      expect((await board(target.cluster))?.freezes).toEqual([expect.stringContaining('ann')]);

      await handle.executeUpdate(decide, { args: [{ plan: question!.id, decision: 'reject', by: 'ann' }] });
      expect(await asked(handle.workflowId)).toBeNull();
      await handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
      await handle.result();
      await until('it is over', async () => (await open()).total === 0);
      await until('it ended', async () => (await closedSince(began)).total === 1);
      expect((await closedSince(began)).rows[0]).toMatchObject({ state: 'closed', outcome: 'escalated', cause: 'bad-release' });
      expect(await closedSince(Date.now() + 60_000)).toEqual({ rows: [], total: 0 });
      expect(await of('another').closedSince(began)).toEqual({ rows: [], total: 0 });
    } finally {
      await worker.stop();
    }
  });

  it('says that Temporal does not answer', async () => {
    const connection = await Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    const { open, asked } = statusSources(new Client({ connection }), 'test', () => null);
    await expect(open()).rejects.toThrow('It did not answer within 3 s.');
    expect(await asked('outage/test/ml/Deployment/a')).toBeNull();
    await connection.close();
  });

  it('says what Temporal says where it does not know the namespace', async () => {
    const client = new Client({ connection: stage.environment.connection, namespace: 'nobodys' });
    await expect(statusSources(client, 'test', () => null).open()).rejects.toThrow(/^It says: Namespace .*nobodys/);
  });
});
