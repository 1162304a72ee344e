import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Context } from '../../incident/context.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { evidence } from '../evidence.ts';
import { AT_MAXIMUM, around, atMost, autoscaler, fixedAt, fourReady, scaler, scaling } from '../scaling.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { runbook, runIncident, type Stage, setTheStage } from './incident-run.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const RAISED = 'HorizontalPodAutoscaler ranker with at most 4 pods → HorizontalPodAutoscaler ranker with at most 6 pods';
const incident = (contexts: readonly Context[], { seen = fourReady() as Evidence, change = {} as Partial<Runbook> } = {}) =>
  runIncident(stage, runbook('capacityShortage', { remedies: ['scale'], ...change }), scriptedCluster([seen], { contexts }));

describe('an incident of too little capacity', () => {
  it('raises the maximum of an autoscaler that wants more, though all pods are ready, and is over once it wants no more', async () => {
    const { outcome, acts, audit, escalations } = await incident([atMost(4, false), atMost(6, true)]);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'autoscaler-at-maximum' }, actions: [{ undone: false }] });
    expect(acts).toEqual([RAISED]);
    expect(audit).toEqual(['Acting', 'Acted', 'Verified', 'Closed']);
    expect(escalations).toEqual([]);
  });

  it('is not cured by ready pods alone: where more is wanted still it goes on, and takes all of it back in the end (safety 19)', async () => {
    const change = { attempts: { max: 2, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 } };
    const { outcome, acts } = await incident([atMost(4, false), atMost(6, false), atMost(9, false)], { change });
    const higher = 'HorizontalPodAutoscaler ranker with at most 6 pods → HorizontalPodAutoscaler ranker with at most 9 pods';
    expect(outcome.kind).toBe('escalated');
    expect(acts).toEqual([RAISED, higher, ...[higher, RAISED].map((text) => text.split(' → ').reverse().join(' → '))]);
  });

  it('says that it is not known whether it helped when what scales it can no longer be read (safety 18)', async () => {
    const blind: Context = { ...atMost(6, true), scaling: { kind: 'unreadable', what: 'what scales it', reason: 'no permission' } };
    const { outcome } = await incident([atMost(4, false), blind]);
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ verdict: { kind: 'unknown' } }] });
  });

  it('leaves an autoscaler alone that is at its maximum and bears its load', async () => {
    const { outcome, acts, escalations } = await incident([atMost(4, true)]);
    expect(outcome.kind).toBe('selfResolved');
    expect([acts, escalations]).toEqual([[], []]);
  });

  it('leaves alone, and wakes nobody over, what a person scaled to zero (safety 26)', async () => {
    const off = evidence({ replicasWanted: 0, replicasReady: 0, replicasUpdated: 0, pods: [] });
    const context = around(scaling({ scaler: fixedAt(0), autoscaler: null, replicasWrittenBy: 'kubectl' }));
    const { outcome, acts, escalations, told } = await incident([context], { seen: off });
    expect(outcome).toMatchObject({ kind: 'selfResolved', diagnosis: { cause: 'scaled-to-zero' } });
    expect(told.at(-1)).toContain('It is left as it is: It is scaled to no pods, by kubectl: it is meant to be off.');
    expect([acts, escalations]).toEqual([[], []]);
  });

  it.each<[string, Context, RegExp]>([
    [
      'a quota leaves no room',
      around(AT_MAXIMUM, { more: 0, limitedBy: 'Quota team has 4 of 4 pods in use, which leaves room for 0 more pods.' }),
      /Quota team has 4 of 4 pods/,
    ],
    [
      'a tool keeps what scales it',
      around(scaling({ ...AT_MAXIMUM, scaler: scaler({ managedBy: { tool: 'Argo CD', name: 'shop' } }) })),
      /Argo CD \(shop\).*patch HorizontalPodAutoscaler ranker with \{"spec":\{"maxReplicas":6\}\}/,
    ],
    [
      'an autoscaler is blind',
      around(
        scaling({
          autoscaler: autoscaler({
            conditions: [{ type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics' }],
          }),
        }),
      ),
      /No remedy of this runbook is left for autoscaler-blind/,
    ],
  ])('hands over, with what a person needs to know, when %s', async (_case, context, reason) => {
    const { outcome, acts, escalations } = await incident([context]);
    expect(outcome.kind).toBe('escalated');
    expect(acts).toEqual([]);
    expect(escalations).toEqual([expect.objectContaining({ reason: expect.stringMatching(reason) })]);
  });
});
