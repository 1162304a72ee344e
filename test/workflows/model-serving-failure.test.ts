import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { Evidence } from '../../incident/evidence.ts';
import { modelRecordKeeper, recordsOf } from '../../worker/model-records.ts';
import { BAD_URI, evidence, failingModelServer, GOOD_URI, modelServer, registeredModel, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, runbook, runIncident, type Stage, setTheStage } from './incident-run.ts';
import { standWorker } from './stand-worker.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const incident = (states: readonly Evidence[]) => runIncident(stage, runbook('modelServingFailure'), scriptedCluster(states));

describe('an incident of a workload that names its model', () => {
  const { served } = failingModelServer();
  const failing = (change: Partial<typeof served> = {}) =>
    evidence({ pods: [sickPod({})], replicasReady: 0, served: { ...served, wanted: BAD_URI, serving: [], before: GOOD_URI, ...change } });
  const well = evidence({ served: { ...served, wanted: GOOD_URI, serving: [GOOD_URI] } });
  const crash = (states: readonly Evidence[]) =>
    runIncident(stage, { ...runbook('podCrash'), remedies: ['rollBackModel', 'undoRelease'] }, scriptedCluster(states));

  it('serves the last known good version before its release is undone, and confirms it in the registry once it was seen to serve', async () => {
    const { outcome, acts, registry } = await crash([failing(), well]);
    expect(outcome.kind).toBe('recovered');
    expect(acts).toEqual([`churn version 2 (${BAD_URI}) → churn version 1 (${GOOD_URI})`]);
    expect(registry.marks).toEqual(['churn version 2 quarantined', 'churn alias production at 1']);
  });

  it('has its release undone where no version is known to be good', async () => {
    const unknown = { kind: 'absent', reason: 'No model registry is configured.' } as const;
    const { outcome, acts, registry } = await crash([failing({ registry: unknown }), well]);
    expect(outcome.kind).toBe('recovered');
    expect(acts).toEqual(['revision 2 (ranker:2) → revision 1 (ranker:2)']);
    expect(registry.marks).toEqual([]);
  });
});

describe('an incident of a model server', () => {
  it('serves the last known good version, and confirms it in the registry only after it was verified (safety 19)', async () => {
    const { outcome, acts, audit, registry, workflowId } = await incident([failingModelServer(), modelServer({})]);
    expect(outcome.kind).toBe('recovered');
    expect(acts).toEqual([`churn version 2 (${BAD_URI}) → churn version 1 (${GOOD_URI})`]);
    expect(audit).toEqual(['Acting', 'Acted', 'Verified', 'Confirming', 'Confirmed', 'Confirmed', 'Confirmed', 'Closed']);
    expect(registry.marks).toEqual(['churn version 2 quarantined', 'churn alias production at 1']);
    expect(registry.quarantinedBy).toBe(workflowId);
  });

  it('tells the model’s record what failed, also where no registry knows of the model', async () => {
    const target = newTarget('InferenceService');
    const worker = await standWorker(stage, target.cluster);
    try {
      const seen = { server: 'ml/InferenceService/churn', address: GOOD_URI, version: null, settings: {}, fromMs: 0, untilMs: 7_200_000 };
      const of = { cluster: target.cluster, registry: null, model: 'churn' };
      const keeper = modelRecordKeeper(stage.environment.client);
      await keeper.tell(of, [{ kind: 'healthy', seen }]);
      const record = { kind: 'read' as const, value: await recordsOf(keeper, target.cluster).read(null, 'churn') };
      const registry = { kind: 'absent' as const, reason: 'No model registry is configured.' };
      const failing = failingModelServer({ served: { place: null, registry, record } });
      const cluster = scriptedCluster([failing, modelServer({})]);
      const run = await runIncident(stage, runbook('modelServingFailure'), cluster, target);
      expect(run.outcome.kind).toBe('recovered');
      expect(run.registry.marks).toEqual([]);
      expect(run.told).toContainEqual(expect.stringContaining(`${BAD_URI} of churn is quarantined in its record.`));
      const reason = `It failed in serving, and this was seen to serve in its place: ${GOOD_URI}.`;
      expect((await keeper.kept(of))?.quarantined).toEqual([
        { address: BAD_URI, version: null, by: run.workflowId, reason, atMs: expect.any(Number) },
      ]);
    } finally {
      await worker.stop();
    }
  });

  it('confirms nothing that it cannot write down before, leaves the cure as it is and tells a person (safety 32)', async () => {
    const diskGetsFull = (line: string) => {
      if (line.includes('Confirming')) throw ApplicationFailure.nonRetryable('no space left on device');
    };
    const cluster = scriptedCluster([failingModelServer(), modelServer({})]);
    const target = newTarget('InferenceService');
    const { outcome, acts, registry, escalations } = await runIncident(
      stage,
      runbook('modelServingFailure'),
      cluster,
      target,
      diskGetsFull,
    );
    expect(registry.marks).toEqual([]);
    expect(acts).toHaveLength(1);
    expect(outcome.kind).toBe('recovered');
    expect(escalations[0]?.reason).toBe('It is healthy, but the cure could not be confirmed: no space left on device');
  });

  it('confirms nothing when the last known good version does not serve either, and puts back what was', async () => {
    const { outcome, acts, registry } = await incident([failingModelServer()]);
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ undone: true }] });
    expect(acts).toHaveLength(2);
    expect(registry.marks).toEqual([]);
  });

  it('hands over with the reason when no version is known good', async () => {
    const model = registeredModel({ aliases: {}, versions: registeredModel().versions.map((one) => ({ ...one, validated: false })) });
    const { outcome } = await incident([failingModelServer({ served: { registry: { kind: 'read', model } } })]);
    expect(outcome).toMatchObject({
      kind: 'escalated',
      reason: expect.stringContaining('Cannot roll back model "churn": no version older than 2'),
    });
  });
});
