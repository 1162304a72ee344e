import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { Evidence } from '../../incident/evidence.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { evidence, OOM_KILLED, pendingPod, readyPod, sickPod } from '../evidence.ts';
import { type Mishaps, scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, runbook, runIncident, type Stage, setTheStage } from './incident-run.ts';

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const tooLittle = evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 });
const undone = 'revision 2 (ranker:2) → revision 1 (ranker:2)';
const raised = 'main with limit 128Mi → main with limit 256Mi';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const incident = (chosen: Runbook, states: readonly Evidence[], mishaps: Mishaps = {}) =>
  runIncident(stage, chosen, scriptedCluster(states, mishaps));

describe('an incident', () => {
  it('closes as self-resolved, and acts on nothing, when the target is healthy after the grace period (safety 20)', async () => {
    const { outcome, acts } = await incident(runbook('podCrash'), [healthy]);
    expect(outcome.kind).toBe('selfResolved');
    expect(acts).toEqual([]);
  });

  it('undoes a bad release once, closes as recovered, and writes every step down', async () => {
    const { outcome, acts, audit, escalations } = await incident(runbook('podCrash'), [badRelease, healthy]);
    expect(outcome).toMatchObject({
      kind: 'recovered',
      diagnosis: { cause: 'bad-release' },
      actions: [{ verdict: { kind: 'recovered' }, undone: false }],
    });
    expect(acts).toEqual([undone]);
    expect(audit).toEqual(['Acting', 'Acted', 'Verified', 'Closed']);
    expect(escalations).toEqual([]);
  });

  it('raises memory again when the first raise was not enough', async () => {
    const higher = { ...tooLittle, memory: { main: { limit: '256Mi', request: null } } };
    const { outcome, acts } = await incident(runbook('outOfMemory'), [tooLittle, higher, healthy]);
    expect(outcome.kind).toBe('recovered');
    expect(acts).toEqual([raised, 'main with limit 256Mi → main with limit 512Mi']);
  });

  it('takes back what did not help before it tries something else', async () => {
    const { outcome, acts } = await incident(runbook('outOfMemory'), [tooLittle, badRelease, badRelease, healthy]);
    expect(outcome.kind).toBe('recovered');
    expect(acts).toEqual([raised, 'main with limit 256Mi → main with limit 128Mi', undone]);
  });

  it('hands over after the attempt cap, never tries once more, and takes back what did not help', async () => {
    const capped = runbook('outOfMemory', { attempts: { max: 2, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 } });
    const { outcome, acts, escalations, audit } = await incident(capped, [tooLittle]);
    expect(outcome).toMatchObject({ kind: 'escalated', reason: '2 of 2 attempts are used. The alert is over.' });
    expect(acts).toEqual([
      raised,
      raised,
      'main with limit 256Mi → main with limit 128Mi',
      'main with limit 256Mi → main with limit 128Mi',
    ]);
    expect(outcome.actions.map((action) => action.undone)).toEqual([true, true]);
    expect(audit.filter((step) => step === 'Refused' || step === 'Escalated')).toEqual(['Refused', 'Escalated']);
    expect(escalations).toEqual([
      expect.objectContaining({ reason: '2 of 2 attempts are used.', nextStep: expect.stringContaining('leaks') }),
    ]);
  });

  it('leaves a cure that did not help as it is when somebody changed the target since, and says so (safety 17)', async () => {
    const { outcome, acts, audit } = await incident(runbook('podCrash'), [badRelease], { undoIsTooLate: true });
    expect(acts).toEqual([undone]);
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ undone: false }] });
    expect(audit).toContain('NotUndone');
  });

  it('undoes at once, and tries nothing else, when fewer pods are ready than before (safety 16)', async () => {
    const some = evidence({ replicasWanted: 2, pods: [readyPod('ranker-0', 1), sickPod({})] });
    const none = evidence({ replicasWanted: 2, replicasReady: 0, pods: [pendingPod('ranker-0')] });
    const { outcome, acts } = await incident(runbook('podCrash'), [some, none]);
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ verdict: { kind: 'worse' }, undone: true }] });
    expect(acts).toEqual([undone, 'revision 1 (ranker:2) → revision 2 (ranker:2)']);
  });

  it('changes nothing in observe mode and tells a person exactly what it would have done', async () => {
    const { outcome, acts, escalations } = await incident(runbook('podCrash', { mode: 'observe' }), [badRelease]);
    expect(outcome).toMatchObject({
      kind: 'observed',
      reason: expect.stringContaining(`undoRelease (${undone}) would have been applied; nothing was changed.`),
    });
    expect(acts).toEqual([]);
    expect(escalations).toHaveLength(1);
  });

  it('does not repeat an act whose answer was lost (safety 1)', async () => {
    const { outcome, acts } = await incident(runbook('podCrash'), [badRelease, healthy], { loseFirstAnswer: true });
    expect(acts).toEqual([undone]);
    expect(outcome.kind).toBe('recovered');
  });

  it('makes the plan anew, and counts no attempt, when the target changed before the act (safety 13)', async () => {
    const once = runbook('podCrash', { attempts: { max: 1, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 } });
    const { outcome, acts, audit } = await incident(once, [badRelease, healthy], { changesBeforeFirstAct: true });
    expect(outcome).toMatchObject({ kind: 'recovered', actions: [{ remedy: 'undoRelease' }] });
    expect(acts).toEqual([undone]);
    expect(audit).toEqual(['Acting', 'NotActed', 'Acting', 'Acted', 'Verified', 'Closed']);
  });

  it('hands a cause over for which its runbook lists no remedy, with the next step', async () => {
    const { outcome, acts, escalations } = await incident(runbook('podCrash', { remedies: ['restart'] }), [badRelease]);
    expect(outcome.kind).toBe('escalated');
    expect(acts).toEqual([]);
    expect(escalations[0]?.nextStep).toBe('Compare the newest release with the one before it, and release a mended one.');
  });

  it('ends when its target no longer exists, without waking anybody', async () => {
    const cluster = scriptedCluster([healthy]);
    const { TargetGone } = await import('../../clients/failures.ts');
    const gone = { ...cluster, observe: () => Promise.reject(new TargetGone('It does not exist.')) };
    const { outcome, escalations } = await runIncident(stage, runbook('podCrash'), gone);
    expect(outcome).toMatchObject({ kind: 'selfResolved', reason: 'The target no longer exists.' });
    expect(escalations).toEqual([]);
  });

  it('hands over, naming the permission, when the API server does not let it act', async () => {
    const cluster = scriptedCluster([badRelease]);
    const { Refused } = await import('../../clients/failures.ts');
    const refusing = { ...cluster, apply: () => Promise.reject(new Refused('cannot patch resource "deployments"')) };
    const { outcome } = await runIncident(stage, runbook('podCrash'), refusing);
    expect(outcome).toMatchObject({
      kind: 'escalated',
      reason: expect.stringContaining('cannot patch resource "deployments"'),
      actions: [],
    });
  });

  it('does nothing that it cannot write down before, and tells a person (safety 30, 32)', async () => {
    const cluster = scriptedCluster([badRelease]);
    const diskIsFull = () => {
      throw ApplicationFailure.nonRetryable('no space left on device');
    };
    const { outcome, acts, escalations } = await runIncident(stage, runbook('podCrash'), cluster, newTarget(), diskIsFull);
    expect(acts).toEqual([]);
    expect(outcome.kind).toBe('escalated');
    expect(escalations).toEqual([
      expect.objectContaining({ reason: 'Nothing more was done, since it could not be written down: no space left on device' }),
    ]);
  });
});
