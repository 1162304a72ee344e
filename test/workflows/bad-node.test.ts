import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Context, QUIET_CONTEXT } from '../../incident/context.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { evidence, modelServer, readyPod, sickPod } from '../evidence.ts';
import { type Mishaps, scriptedCluster } from '../scripted-cluster.ts';
import { runbook, runIncident, type Stage, setTheStage } from './incident-run.ts';

const sibling = { ...readyPod('ranker-2'), node: 'n2' };
const onBadNode = evidence({ replicasWanted: 2, pods: [{ ...sickPod({}), node: 'n1' }, sibling] });
const elsewhere = evidence({
  ...{ replicasWanted: 2, replicasReady: 2, replicasUpdated: 2 },
  pods: [{ ...readyPod('ranker-3'), node: 'n2' }, sibling],
});
const left = 'node n1 open, with ranker-1 → node n1 cordoned, without ranker-1';
const opened = 'node n1 cordoned, without ranker-1 → node n1 open, with ranker-1';

const notReady = { name: 'n1', ready: false, pressures: [], unschedulable: false, others: { ready: 0, notReady: 3 } };
const context: Context = { ...QUIET_CONTEXT, nodes: { kind: 'read', value: [notReady] } };

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const incident = (chosen: Runbook, states: readonly Evidence[], mishaps: Mishaps = {}) =>
  runIncident(stage, chosen, scriptedCluster(states, { contexts: [context], ...mishaps }));

describe('an incident on a bad node', () => {
  it('is healed by leaving the node, which stays cordoned and is handed to a person with the commands', async () => {
    const { outcome, acts, audit, escalations } = await incident(runbook('podCrash'), [onBadNode, elsewhere]);
    expect(outcome).toMatchObject({
      ...{ kind: 'recovered', diagnosis: { cause: 'bad-node', confidence: 'certain' } },
      reason: expect.stringMatching(/^Healthy, and the alert is over\. .*stays cordoned.*kubectl uncordon n1/),
      actions: [{ remedy: 'leaveNode', verdict: { kind: 'recovered' }, undone: false }],
    });
    expect(acts).toEqual([left]);
    expect(audit).toEqual(['Acting', 'Acted', 'Verified', 'Closed']);
    expect(escalations).toEqual([
      expect.objectContaining({
        reason: expect.stringContaining('kubectl uncordon n1'),
        nextStep: expect.stringContaining('kubectl describe node'),
      }),
    ]);
  });

  it('opens the node again when leaving it did not help, and hands over (safety 17)', async () => {
    const { outcome, acts } = await incident(runbook('podCrash'), [onBadNode]);
    expect(acts).toEqual([left, opened]);
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ remedy: 'leaveNode', undone: true }] });
  });

  it('does not leave the last ready node that takes pods, and asks a person (safety 8)', async () => {
    const surroundings = { nodes: { kind: 'read' as const, value: { total: 3, ready: 2, openAfter: 0 } } };
    const impatient = runbook('podCrash', { patienceSeconds: 1 });
    const { outcome, acts } = await incident(impatient, [onBadNode], { surroundings });
    expect(acts).toEqual([]);
    expect(outcome).toMatchObject({
      kind: 'escalated',
      reason: expect.stringContaining('It would cordon the last ready node that takes pods.'),
    });
  });

  it('is no matter for Argo CD, since nothing that it keeps is changed', async () => {
    const kept = { uid: 'uid-ranker', generation: 2, resourceVersion: '2', related: [], optOut: null, heldByPerson: null };
    const object = { kind: 'read' as const, value: { ...kept, managedBy: { tool: 'Argo CD' as const, name: 'shop' } } };
    const { acts } = await incident(runbook('podCrash'), [onBadNode, elsewhere], { surroundings: { object } });
    expect(acts).toEqual([left]);
  });

  it('is handed over where nothing proves that it is the node', async () => {
    const alone = evidence({ pods: [{ ...sickPod({}), node: 'n1' }], replicasReady: 0, releases: [] });
    const { outcome, acts } = await incident(runbook('podCrash'), [alone]);
    expect(acts).toEqual([]);
    expect(outcome).toMatchObject({
      ...{ kind: 'escalated', diagnosis: { cause: 'bad-node', confidence: 'possible' } },
      reason: expect.stringContaining('nothing proves that n1 is at fault'),
    });
  });

  it('is the same for a model server', async () => {
    const states = [onBadNode, elsewhere].map((workload) => modelServer({ workload, ready: workload === elsewhere }));
    const { outcome, acts } = await incident(runbook('modelServingFailure'), states);
    expect(acts).toEqual([left]);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'bad-node' } });
  });
});
