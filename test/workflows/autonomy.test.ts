import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import { demote, guardBoard, reset } from '../../workflows/messages.ts';
import { evidence, pendingPod, readyPod, release, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, runbook, runIncident, type Stage, setTheStage } from './incident-run.ts';

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const some = evidence({ replicasWanted: 2, pods: [readyPod('ranker-0', 1), sickPod({})] });
const none = evidence({ replicasWanted: 2, replicasReady: 0, pods: [pendingPod('ranker-0')] });
const undone = 'revision 2 (ranker:2) → revision 1 (ranker:2)';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

describe('a runbook that acts', () => {
  it('asks a person about a remedy that has the mode approve', async () => {
    const chosen = runbook('podCrash', { modes: [{ remedies: ['undoRelease'], mode: 'approve' }] });
    const { requests, acts } = await runIncident(stage, chosen, scriptedCluster([badRelease, healthy]), undefined, undefined, 'approve');
    expect(requests).toHaveLength(1);
    expect(acts).toEqual([undone]);
  });

  it('leaves a remedy out that is off, and hands over', async () => {
    const chosen = runbook('podCrash', { modes: [{ namespaces: ['m*'], remedies: ['undoRelease'], mode: 'off' }] });
    const { outcome, acts } = await runIncident(stage, chosen, scriptedCluster([badRelease]));
    expect(acts).toEqual([]);
    expect(outcome).toMatchObject({
      kind: 'escalated',
      reason: expect.stringContaining('No remedy of this runbook is left for bad-release.'),
    });
  });

  it('changes nothing where an exception has it observe', async () => {
    const chosen = runbook('podCrash', { modes: [{ namespaces: ['ml'], mode: 'observe' }] });
    const { outcome, acts } = await runIncident(stage, chosen, scriptedCluster([badRelease]));
    expect(outcome.kind).toBe('observed');
    expect(acts).toEqual([]);
  });
});

describe('an incident that only observed', () => {
  const observing = runbook('podCrash', { mode: 'observe' });
  const backAtOne = evidence({ generation: 3, releases: [release(3, { hash: 'hash-1' }), release(2)], pods: [readyPod('ranker-2', 1)] });
  const forward = evidence({ generation: 3, releases: [release(3), release(2)], pods: [readyPod('ranker-2', 3)] });

  it.each([
    [backAtOne, 'The target is well, after others did what undoRelease would have done.'],
    [forward, 'The target is well, after others did something else than undoRelease.'],
    [badRelease, 'The target is not well all the same (notRecovered: '],
  ])('says at its end what others did, beside what it would have done (%#)', async (after, said) => {
    const cluster = scriptedCluster([badRelease]);
    let now = badRelease;
    const { outcome } = await runIncident(stage, observing, {
      ...cluster,
      observe: async () => {
        const seen = now;
        now = after;
        return seen;
      },
    });
    expect(outcome).toMatchObject({ kind: 'observed', reason: expect.stringContaining(said) });
  });

  it('says that nothing was done where it went away by itself', async () => {
    let looks = 0;
    const { outcome } = await runIncident(stage, observing, {
      ...scriptedCluster([badRelease]),
      observe: async () =>
        looks++ === 0 ? badRelease : evidence({ pods: badRelease.pods.map((pod) => ({ ...readyPod(pod.name), uid: pod.uid })) }),
    });
    expect(outcome.reason).toContain('The target is well, though nothing was done.');
  });
});

describe('a remedy that made its target worse while nobody had allowed it', () => {
  it('is asked about by the next incident, which says why, and acts once a person allows it (safety 37)', async () => {
    const target = newTarget();
    const worse = await runIncident(stage, runbook('podCrash'), scriptedCluster([some, none]), target);
    expect(worse.outcome.actions).toMatchObject([{ verdict: { kind: 'worse' } }]);

    const next = await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]), target, undefined, 'approve');
    expect(next.requests).toHaveLength(1);
    expect(next.acts).toEqual([undone]);
    expect(next.told.join('\n')).toMatch(/A person must allow undoRelease here, since .*: it made .* worse/);
  });

  it('is not applied where nobody allows it (safety 37)', async () => {
    const target = newTarget();
    await runIncident(stage, runbook('podCrash'), scriptedCluster([some, none]), target);
    const { acts, outcome } = await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease]), target, undefined, 'reject');
    expect(acts).toEqual([]);
    expect(outcome.kind).toBe('escalated');
  });

  it('acts alone again once a person has lifted the demotion (safety 37)', async () => {
    const target = newTarget();
    await runIncident(stage, runbook('podCrash'), scriptedCluster([some, none]), target);
    const office = officeOf(target.cluster);
    expect((await office.query(guardBoard)).demotions).toMatchObject([{ name: 'demotion test/undoRelease/ml' }]);
    await office.executeUpdate(reset, { args: [{ of: 'demotion test/undoRelease/ml', by: 'ann', reason: 'mended' }] });
    const { requests, acts } = await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]), target);
    expect(requests).toEqual([]);
    expect(acts).toEqual([undone]);
  });

  it('is written down as demoted, once', async () => {
    const target = newTarget();
    const entries: AuditEntry[] = [];
    const note = (line: string) => entries.push(JSON.parse(line));
    await runIncident(stage, runbook('podCrash'), scriptedCluster([some, none]), target, note);
    const demoted = () =>
      [...entries, ...stage.commands].filter(
        ({ step, incident }) => step === 'Demoted' && incident === officeOf(target.cluster).workflowId,
      );
    await until('it is written down', async () => demoted().length > 0);
    expect(demoted()).toMatchObject([
      {
        remedy: 'undoRelease',
        text: expect.stringMatching(/^demotion test\/undoRelease\/ml: a person must allow it from now on, since it made .* worse\.$/),
      },
    ]);
  });
});

describe('a person who demotes', () => {
  it('is asked before the next act, whatever the mode (safety 37)', async () => {
    const target = newTarget();
    // The office opens with the first incident that asks.
    await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]), { ...newTarget(), cluster: target.cluster });
    const name = await officeOf(target.cluster).executeUpdate(demote, {
      args: [{ runbook: 'test', by: 'ann', reason: 'its drill failed' }],
    });
    expect(name).toBe('demotion test/*/*');
    const { told } = await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]), target, undefined, 'approve');
    expect(told.join('\n')).toContain('ann wants it: its drill failed');
  });

  it('is told that it holds in no cluster at all where all are meant, rather than that it does', async () => {
    await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]));
    const refused = officeOf(null).executeUpdate(demote, { args: [{ runbook: 'test', by: 'ann', reason: 'x' }] });
    await expect(refused).rejects.toMatchObject({ cause: { message: expect.stringContaining('Cannot demote in all clusters at once') } });
  });

  it.each([
    [{ runbook: '', reason: 'x' }, 'Cannot understand "runbook"'],
    [{ runbook: 'test', remedy: 'reboot', reason: 'x' }, 'Cannot understand "remedy"'],
    [{ runbook: 'test', reason: '' }, 'Cannot demote without a "reason"'],
  ])('is told what cannot be understood of %j', async (call, fault) => {
    const target = newTarget();
    await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]), target);
    const refused = officeOf(target.cluster).executeUpdate(demote, { args: [call] });
    await expect(refused).rejects.toMatchObject({ cause: { message: expect.stringContaining(fault) } });
  });
});

function officeOf(cluster: string | null) {
  return stage.environment.client.workflow.getHandle(permitOfficeWorkflowId(cluster));
}
