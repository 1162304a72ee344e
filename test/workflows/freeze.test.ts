import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Cluster } from '../../clients/cluster.ts';
import { EMPTY_LEDGER, type Freeze } from '../../guards/ledger/ledger.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import { permitOffices } from '../../worker/permit-offices.ts';
import { registerSearchAttributes } from '../../worker/register-attributes.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { freeze, guardBoard, officeLedger, thaw } from '../../workflows/messages.ts';
import { evidence, OOM_KILLED, sickPod } from '../evidence.ts';
import { layer } from '../limits.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { temporalProgram } from '../temporal-program.ts';
import { until } from '../until.ts';
import { newTarget, runbook, type Stage, setTheStage } from './incident-run.ts';
import { standWorker } from './stand-worker.ts';

// Many incidents share two cores with the server.
jest.setTimeout(240_000);

/** However often it is given more memory, it is killed for want of it: its incident asks for leave again and again. */
const neverEnough = evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 });
const tireless = runbook('outOfMemory', {
  attempts: { max: 1_000, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 },
  patienceSeconds: 3,
  // It never helps, and would be left out for that.
  learning: { ...runbook('outOfMemory').learning, skip: false },
});

let stage: Stage;
const toStop: (() => Promise<void>)[] = [];

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

// Also after a failure: a server that ends before its workers keeps them from ending.
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop();
});

/** A write as the cluster saw it. */
interface Written {
  readonly worker: string;
  readonly target: string;
  readonly isUndo: boolean;
  readonly atMs: number;
}

/** A cluster that writes down who wrote what and when, and holds a write back before its last look while `mayWrite` is pending. */
function watchedCluster(worker: string, written: Written[], mayWrite: () => Promise<void> = async () => undefined): Cluster {
  const cluster = scriptedCluster([neverEnough]);
  return {
    ...cluster,
    async apply(target, change, bound, options) {
      if (!options.dryRun) await mayWrite();
      const result = await cluster.apply(target, change, bound, options);
      if (!options.dryRun) written.push({ worker, target: target.name, isUndo: options.key.endsWith('/undo'), atMs: Date.now() });
      return result;
    },
  };
}

async function stand(cluster: string, written: Written[], name = 'one', mayWrite?: () => Promise<void>): Promise<void> {
  const worker = await standWorker(stage, cluster, watchedCluster(name, written, mayWrite));
  toStop.push(() => worker.stop());
}

/** Begins an incident about a target of its own in this cluster. Returns its workflow id. */
async function beginIncident({ workflow }: Client, cluster: string): Promise<string> {
  const workflowId = `test/${crypto.randomUUID()}`;
  const target = { ...newTarget(), cluster };
  await workflow.start('outOfMemory', {
    workflowId,
    taskQueue: taskQueueOf(cluster),
    args: [{ target, runbook: tireless, limits: [layer()] }],
  });
  return workflowId;
}

const newCluster = () => `freezing-${crypto.randomUUID()}`;
const officeOf = ({ workflow }: Client, cluster: string) => workflow.getHandle(permitOfficeWorkflowId(cluster));
const callFreeze = (client: Client, cluster: string) => officeOf(client, cluster).executeUpdate(freeze, { args: [{ reason: 'stop' }] });

/** Waits until so many incidents have been refused because of the freeze. */
function untilRefused(client: Client, cluster: string, count = 1): Promise<void> {
  return until(`${count} incidents were refused because of the freeze`, async () => {
    const { refusals } = await officeOf(client, cluster).query(guardBoard);
    return refusals.filter(({ guard }) => guard === 'freeze').length >= count;
  });
}

describe('a freeze', () => {
  it('lets no worker begin anything from the moment it is called, and undoing goes on (safety 28)', async () => {
    const { client } = stage.environment;
    const cluster = newCluster();
    const written: Written[] = [];
    await stand(cluster, written, 'one');
    await stand(cluster, written, 'two');
    await Promise.all(Array.from({ length: 8 }, () => beginIncident(client, cluster)));
    await until('both workers acted again and again', async () =>
      ['one', 'two'].every((name) => written.filter(({ worker }) => worker === name).length >= 4),
    );

    await callFreeze(client, cluster);
    const frozenMs = Date.now();
    await untilRefused(client, cluster, 8);
    const touched = () => new Set(written.filter(({ isUndo, atMs }) => !isUndo && atMs < frozenMs).map(({ target }) => target));
    const undone = () => new Set(written.filter(({ isUndo }) => isUndo).map(({ target }) => target));
    await until('everything that did not help was undone', async () => [...touched()].every((target) => undone().has(target)));
    // A write whose last look was a moment before the call may land a moment after it.
    expect(written.filter(({ isUndo, atMs }) => !isUndo && atMs > frozenMs + 1_000)).toEqual([]);

    await officeOf(client, cluster).executeUpdate(thaw, { args: [undefined] });
    await beginIncident(client, cluster);
    await until('there is action again', async () => written.some(({ isUndo, atMs }) => !isUndo && atMs > frozenMs + 1_000));
  });

  it('voids a permit that was granted before and is not used yet: nothing is written under it (safety 28)', async () => {
    const { client } = stage.environment;
    const cluster = newCluster();
    const written: Written[] = [];
    const arrived = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const mayWrite = () => {
      arrived.resolve();
      return go.promise;
    };
    await stand(cluster, written, 'one', mayWrite);
    await beginIncident(client, cluster);
    await arrived.promise;

    await callFreeze(client, cluster);
    go.resolve();
    await untilRefused(client, cluster);
    expect(written).toEqual([]);
    expect((await officeOf(client, cluster).query(officeLedger)).acts).toMatchObject([{ outcome: 'unused' }]);
  });

  it('is handed on to the next run of the permit office (safety 28)', async () => {
    const { client } = stage.environment;
    const cluster = newCluster();
    const written: Written[] = [];
    await stand(cluster, written);
    const called: Freeze = { namespace: 'ml', runbook: null, by: 'ann', reason: '', sinceMs: Date.now(), untilMs: null };
    await client.workflow.start('permitOffice', {
      workflowId: permitOfficeWorkflowId(cluster),
      taskQueue: taskQueueOf(cluster),
      args: [{ cluster, ledger: { ...EMPTY_LEDGER, latestMs: Date.now(), freezes: [called] }, led: [] }],
    });
    await beginIncident(client, cluster);
    await untilRefused(client, cluster);
    expect(written).toEqual([]);
  });

  it('is taken over when a person terminates the permit office (safety 28)', async () => {
    const { client } = stage.environment;
    const cluster = newCluster();
    const written: Written[] = [];
    await stand(cluster, written);
    await permitOffices(client, taskQueueOf(cluster)).open(cluster);
    await callFreeze(client, cluster);
    await officeOf(client, cluster).terminate('a slip');
    await beginIncident(client, cluster);
    await untilRefused(client, cluster);
    expect(written).toEqual([]);
  });

  it('outlasts a restart of worker and Temporal (safety 28)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paramedic-freeze-'));
    const cluster = newCluster();
    const written: Written[] = [];
    const inTemporal = async (play: (client: Client) => Promise<unknown>) => {
      const server = { executable: { type: 'existing-path' as const, path: await temporalProgram() }, dbFilename: join(folder, 'db') };
      const environment = await TestWorkflowEnvironment.createLocal({ server });
      await registerSearchAttributes(environment.connection, 'default');
      toStop.push(() => environment.teardown());
      const worker = await standWorker({ ...stage, environment }, cluster, watchedCluster('one', written));
      toStop.push(() => worker.stop());
      await play(environment.client);
      for (const stop of toStop.splice(0).reverse()) await stop();
    };
    await inTemporal(async (client) => {
      await permitOffices(client, taskQueueOf(cluster)).open(cluster);
      await callFreeze(client, cluster);
    });
    await inTemporal(async (client) => {
      await beginIncident(client, cluster);
      await untilRefused(client, cluster);
    });
    expect(written).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
