import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Worker } from '@temporalio/worker';
import { AuditEntry } from '../../../incident/audit-entry.ts';
import { permitOfficeWorkflowId } from '../../../incident/incident.ts';
import { modelRecordWorkflowId } from '../../../incident/models/kept-record.ts';
import { startOf } from '../../../worker/model-records.ts';
import { permitOffices } from '../../../worker/permit-offices.ts';
import { createWorker } from '../../../worker/run-worker.ts';
import { taskQueueOf } from '../../../worker/settings.ts';
import { freeze, officeLedger, pinVersion, reset, sourceAlive, thaw, unpinVersion } from '../../../workflows/messages.ts';
import { evidence } from '../../evidence.ts';
import { only, scriptedCluster, scriptedRegistry } from '../../scripted-cluster.ts';
import { until } from '../../until.ts';
import { type Stage, setTheStage } from '../incident-run.ts';

const CLUSTER = `commanded-${process.pid}`;
const anna = { id: 'U0ANNA', name: 'anna', way: 'slack' as const, groups: [] };
const bob = { id: 'bob@laptop', name: 'bob@laptop', way: 'commandLine' as const, groups: [] };

let stage: Stage;
let worker: Worker;
let ended: Promise<void>;
let written: AuditEntry[];
let isDiskFull = false;

beforeAll(async () => {
  stage = await setTheStage({ serverConfig: ['limit.historyCount.suggestContinueAsNew=80'] });
  worker = await createWorker({
    ...{
      connection: stage.environment.nativeConnection,
      namespace: stage.environment.client.options.namespace,
      taskQueue: taskQueueOf(CLUSTER),
      workflowBundle: stage.workflowBundle,
    },
    ...{ kubernetes: scriptedCluster([evidence({})]), registries: only(scriptedRegistry()) },
    channels: {
      escalationWebhooks: [],
      log: () => undefined,
      writeAudit(entry) {
        if (isDiskFull) throw new Error('no space left on device');
        written.push(AuditEntry.parse(entry));
        return 'its hash';
      },
    },
  });
  ended = worker.run();
  await permitOffices(stage.environment.client, taskQueueOf(CLUSTER)).open(CLUSTER);
}, 3_600_000);

afterAll(async () => {
  worker?.shutdown();
  await ended;
  await stage?.leave();
});

beforeEach(() => {
  written = [];
});

const office = () => stage.environment.client.workflow.getHandle(permitOfficeWorkflowId(CLUSTER));

describe('what people command', () => {
  it('at a permit office stands in the audit trail, with who, by which way, and what it came to', async () => {
    await office().executeUpdate(freeze, { args: [{ namespace: 'ml', reason: 'release night', by: anna }] });
    await office().executeUpdate(thaw, { args: [{ by: bob, reason: 'it is out' }] });
    await office().executeUpdate(reset, { args: [{ of: 'remedy restart', by: bob, reason: 'the registry is back' }] });
    await office().executeUpdate(thaw, { args: [undefined] });
    await until('all is written down', async () => written.length === 4);
    const common = { step: 'Commanded', incident: permitOfficeWorkflowId(CLUSTER), run: expect.any(String) };
    expect(written).toMatchObject([
      {
        ...common,
        command: 'freeze',
        who: anna,
        text: 'Namespace ml is frozen by anna (Slack user U0ANNA) until it is thawed: release night.',
      },
      {
        ...{ ...common, command: 'thaw', who: bob },
        text: 'bob@laptop thawed everything, and ended: Namespace ml is frozen by anna (Slack user U0ANNA) until it is thawed: release night. Why: it is out',
      },
      {
        ...common,
        command: 'reset',
        who: bob,
        text: 'bob@laptop vouched for remedy restart, so that what was before no longer counts: the registry is back',
      },
      { ...common, command: 'thaw', text: 'a person thawed everything, and none was in force' },
    ]);
    expect(written[3]?.who).toBeUndefined();
  });

  it('at the office of all clusters is written down as well', async () => {
    await permitOffices(stage.environment.client, taskQueueOf(CLUSTER)).open(null);
    const shared = stage.environment.client.workflow.getHandle(permitOfficeWorkflowId(null));
    await shared.executeUpdate(freeze, { args: [{ by: anna }] });
    await until('it is written down', async () => stage.commands.length === 1);
    expect(stage.commands).toMatchObject([{ step: 'Commanded', command: 'freeze', who: anna, incident: permitOfficeWorkflowId(null) }]);
  });

  it('of a model stands there, too', async () => {
    const of = { cluster: CLUSTER, registry: 'mlflow', model: 'churn' };
    const { client } = stage.environment;
    await client.workflow.start('modelRecord', startOf(of));
    const record = client.workflow.getHandle(modelRecordWorkflowId(of.cluster, of.registry, of.model));
    await record.executeUpdate(pinVersion, { args: [{ version: '7', by: bob, reason: 'looked at it' }] });
    await record.executeUpdate(unpinVersion, { args: [{ by: 'carla', reason: 'version 8 is well' }] });
    await until('both are written down', async () => written.length === 2);
    expect(written).toMatchObject([
      { step: 'Commanded', command: 'pin', who: bob, text: 'bob@laptop pinned version 7 of churn: looked at it' },
      { command: 'unpin', who: { name: 'carla', way: 'webUi' }, text: 'carla unpinned churn: version 8 is well' },
    ]);
  });

  it('is in force at once where it cannot be written down, and is written down once that can be, by a later run too (safety 32)', async () => {
    isDiskFull = true;
    await office().executeUpdate(freeze, { args: [{ namespace: 'late', by: anna }] });
    expect((await office().query(officeLedger)).freezes).toMatchObject([{ namespace: 'late' }]);
    const { runId } = await office().describe();
    await until('the office goes on as a new run', async () => {
      await office().signal(sourceAlive, 'prometheus');
      return (await office().describe()).runId !== runId;
    });
    expect(written).toEqual([]);
    isDiskFull = false;
    await until('it is written down', async () => written.length > 0);
    expect(written).toMatchObject([{ command: 'freeze', who: anna, run: runId }]);
  });

  it('is refused, and leaves no trace, where it makes no sense', async () => {
    for (const call of [{ by: 7 }, { by: { id: 'x' } }, { reason: 'x'.repeat(301) }])
      await expect(office().executeUpdate(thaw, { args: [call as never] })).rejects.toThrow();
    await office().executeUpdate(freeze, { args: [{ by: anna }] });
    await until('the next one is written down', async () => written.length > 0);
    expect(written).toHaveLength(1);
  });
});
