import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Outcome } from '../../incident/incident.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import type { Asked } from '../../workflows/decision-call.ts';
import { alertResolved, alertsFired, asked, type DecisionCall, decide, freeze } from '../../workflows/messages.ts';
import { evidence, OOM_KILLED, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { ANYBODY, newTarget, onWorker, runbook, type Stage, setTheStage, untilSent, untilTold } from './incident-run.ts';

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const tooLittle = evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 });
const undone = 'revision 2 (ranker:2) → revision 1 (ranker:2)';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const asking = (change: Partial<Runbook> = {}) => runbook('podCrash', { mode: 'approve', ...change });

/** Plays one incident in the mode approve; the play ends with the incident's outcome. */
async function play<T>(
  chosen: Runbook,
  cluster: ReturnType<typeof scriptedCluster>,
  playing: (handle: WorkflowHandle) => Promise<T>,
  target = newTarget(),
) {
  const { seen, result } = await onWorker(stage, chosen, cluster, target, () => undefined, playing);
  return { ...seen, result };
}

/** What is asked, once it is another question than the one before. */
async function question(handle: WorkflowHandle, before?: Asked): Promise<Asked> {
  for (;;) {
    const now = await handle.query(asked);
    if (now && now.id !== before?.id) return now;
    await pause(50);
  }
}

/** Why a decision was refused; null when it was taken. */
async function decided(handle: WorkflowHandle, call: Omit<DecisionCall, 'by'> & { by?: string }): Promise<string | null> {
  try {
    await handle.executeUpdate(decide, { args: [{ by: 'anna', ...call }] });
    return null;
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) return error.cause?.message ?? '';
    throw error;
  }
}

async function end(handle: WorkflowHandle): Promise<Outcome> {
  await untilTold(handle, /A person is needed|Verdict: recovered|Closed/);
  await handle
    .signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} })
    .catch(() => undefined);
  return (await handle.result()) as Outcome;
}

async function updatesIn(workflowId: string): Promise<number> {
  const { events } = await stage.environment.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length;
}

async function looksIn(workflowId: string): Promise<number> {
  const { events } = await stage.environment.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'examine').length;
}

describe('an incident whose runbook asks a person first', () => {
  it('shows what would follow: the diff, what it touches, and how it is taken back (safety 29)', async () => {
    const { requests } = await play(asking(), scriptedCluster([badRelease]), async (handle) => {
      await question(handle);
      await untilSent(handle);
      await handle.cancel();
      await handle.result().catch(() => undefined);
    });
    expect(requests[0]?.proposal.consequences).toEqual({
      diff: ['- revision 2 (ranker:2)', '+ revision 1 (ranker:2)'],
      blastRadius: 'Every pod of the target is made anew, one step of its rollout after another; 0 pods are ready now.',
      undo: 'It is taken back to revision 2 (ranker:2), by itself where it does not help.',
      why: expect.any(String),
    });
  });

  it('acts once when the plan is approved, and writes down by whom before it acts (safety 29)', async () => {
    const { result, acts, audit, requests, told } = await play(asking(), scriptedCluster([badRelease, healthy]), async (handle) => {
      const { id } = await question(handle);
      await untilSent(handle);
      expect(await decided(handle, { plan: id, decision: 'approve', reason: 'go on' })).toBeNull();
      return end(handle);
    });
    expect(result.kind).toBe('recovered');
    expect(acts).toEqual([undone]);
    expect(audit).toEqual(['Asked', 'Approved', 'Acting', 'Acted', 'Verified', 'Closed']);
    expect(told.join('\n')).toMatch(/anna approved plan [0-9a-f]{8}: go on/);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      diagnosis: { cause: 'bad-release' },
      proposal: { plan: `undoRelease (${undone})` },
      nextStep: expect.stringContaining(`paramedic approve ${requests[0]?.incident} --plan ${requests[0]?.proposal.id}`),
    });
  });

  it('does nothing when the plan is rejected, hands it over with the plan, and wakes nobody else (safety 29)', async () => {
    const { result, acts, audit, escalations } = await play(asking(), scriptedCluster([badRelease]), async (handle) => {
      const { id } = await question(handle);
      expect(await decided(handle, { plan: id, decision: 'reject', reason: 'I am at it.' })).toBeNull();
      return end(handle);
    });
    expect(result).toMatchObject({
      kind: 'escalated',
      reason: expect.stringContaining(`undoRelease (${undone}) was not done: I am at it.`),
    });
    expect(acts).toEqual([]);
    expect(audit).toEqual(['Asked', 'Rejected', 'Escalated', 'Closed']);
    expect(escalations).toEqual([]);
  });

  it('takes silence for no, and hands over with the exact plan; whoever decides later is refused (safety 29)', async () => {
    const hasty = asking({ approval: { ...ANYBODY, withinSeconds: 1 } });
    const { result, acts, audit, escalations } = await play(hasty, scriptedCluster([badRelease]), async (handle) => {
      const { id } = await question(handle);
      await untilTold(handle, /A person is needed/);
      expect(await decided(handle, { plan: id, decision: 'approve' })).toBe('Nothing is asked of anybody now.');
      return end(handle);
    });
    expect(result.kind).toBe('escalated');
    expect(acts).toEqual([]);
    expect(audit).toEqual(['Asked', 'Rejected', 'Escalated', 'DecisionRefused', 'Closed']);
    expect(escalations).toEqual([
      expect.objectContaining({ reason: expect.stringContaining(`which is no: undoRelease (${undone}) was not done.`) }),
    ]);
  });

  it('refuses and writes down a decision on another plan, of a stranger, or of Paramedic itself (safety 29)', async () => {
    const lines: { step: string; text: string; who?: { name: string } }[] = [];
    const chosen = asking({
      approval: { ...ANYBODY, withinSeconds: 1_800, approvers: { people: ['anna'], slackUsers: [], slackGroups: [] } },
    });
    const { result } = await onWorker(
      stage,
      chosen,
      scriptedCluster([badRelease]),
      newTarget(),
      (line) => lines.push(JSON.parse(line)),
      async (handle) => {
        const { id, plan } = await question(handle);
        expect(await decided(handle, { plan: '00000000', decision: 'approve' })).toBe(
          `Plan "00000000" is not asked about now; it is ${id}: ${plan}.`,
        );
        expect(await decided(handle, { plan: id, decision: 'approve', by: 'eve' })).toMatch(
          /^eve \(in the Web UI\) is not among the approvers/,
        );
        expect(await decided(handle, { plan: id, decision: 'approve', by: 'Paramedic' })).toMatch(/does not decide on what it asks itself/);
        await handle.cancel();
        await handle.result().catch(() => undefined);
        return handle.query(asked);
      },
    );
    expect(result?.decision ?? null).toBeNull();
    expect(lines.filter(({ step }) => step === 'DecisionRefused').map(({ who }) => who?.name)).toEqual(['anna', 'eve', 'Paramedic']);
  });

  it('leaves no trace of what makes no sense, nor of more than fifty refusals (safety 29)', async () => {
    const { acts, workflowId } = await play(asking(), scriptedCluster([badRelease]), async (handle) => {
      const { id } = await question(handle);
      expect(await decided(handle, { plan: id, decision: 'approve', by: ' ' })).toMatch(/nobody/);
      expect(await decided(handle, { plan: id, decision: 'maybe' as 'approve' })).toMatch(/must be "approve", "reject"/);
      expect(await updatesIn(handle.workflowId)).toBe(0);
      const refusals = await Promise.all(Array.from({ length: 60 }, () => decided(handle, { plan: '00000000', decision: 'approve' })));
      expect(refusals.filter((why) => why?.startsWith('50 decisions were refused here'))).not.toEqual([]);
      await handle.cancel();
      await handle.result().catch(() => undefined);
    });
    expect(acts).toEqual([]);
    expect(await updatesIn(workflowId)).toBeLessThan(60);
  });

  it('tells another person at once where somebody does not want to decide alone (safety 29)', async () => {
    const { acts, audit, escalations } = await play(asking(), scriptedCluster([badRelease]), async (handle) => {
      const { id } = await question(handle);
      expect(await decided(handle, { plan: id, decision: 'escalate', reason: 'not my model' })).toBeNull();
      return end(handle);
    });
    expect(acts).toEqual([]);
    expect(audit).toEqual(['Asked', 'HandedOn', 'Escalated', 'Closed']);
    expect(escalations).toEqual([expect.objectContaining({ reason: expect.stringContaining('anna wants another person to decide') })]);
  });

  it('does not let who raised an incident by hand decide on it, where four eyes are wanted (safety 29)', async () => {
    const chosen = asking({ approval: { ...ANYBODY, withinSeconds: 1_800, fourEyes: true } });
    const { acts } = await play(chosen, scriptedCluster([badRelease, healthy]), async (handle) => {
      const raisedBy = { id: 'anna', name: 'anna', way: 'commandLine', groups: [] } as const;
      const alert = { name: 'A', status: 'firing', fingerprint: 'a1', labels: {}, annotations: {}, raisedBy } as const;
      await handle.signal(alertsFired, [alert]);
      const { id } = await question(handle);
      expect(await decided(handle, { plan: id, decision: 'approve' })).toMatch(/^anna \(in the Web UI\) asked for it/);
      expect(await decided(handle, { plan: id, decision: 'approve', by: 'ben' })).toBeNull();
      return end(handle);
    });
    expect(acts).toEqual([undone]);
  });

  it('uses an approval once: a replay is refused, and the next act is asked for anew (safety 29)', async () => {
    const memory = { ...asking({ failureType: 'outOfMemory' }) };
    const higher = { ...tooLittle, generation: 3, memory: { main: { limit: '256Mi', request: null } } };
    const { acts, audit } = await play(memory, scriptedCluster([tooLittle, higher]), async (handle) => {
      const first = await question(handle);
      const call = { plan: first.id, decision: 'approve' } as const;
      expect(await decided(handle, call)).toBeNull();
      expect(await decided(handle, call)).toMatch(/is decided: approve by anna|Nothing is asked|is not asked about now/);
      const second = await question(handle, first);
      expect(await decided(handle, call)).toBe(`Plan "${first.id}" is not asked about now; it is ${second.id}: ${second.plan}.`);
      expect(await decided(handle, { plan: second.id, decision: 'reject' })).toBeNull();
      return end(handle);
    });
    // Raised once; what did not help is taken back when it is handed over.
    expect(acts).toEqual(['main with limit 128Mi → main with limit 256Mi', 'main with limit 256Mi → main with limit 128Mi']);
    expect(audit.filter((step) => ['Approved', 'Acting'].includes(step))).toEqual(['Approved', 'Acting']);
  });

  it('asks anew before the same plan is tried once more (safety 29)', async () => {
    const cluster = scriptedCluster([badRelease, healthy], { changesBeforeFirstAct: true });
    const { acts, audit } = await play(asking(), cluster, async (handle) => {
      const first = await question(handle);
      expect(await decided(handle, { plan: first.id, decision: 'approve' })).toBeNull();
      const second = await question(handle, first);
      expect(second.plan).toBe(first.plan);
      expect(cluster.acts).toEqual([]);
      expect(await decided(handle, { plan: second.id, decision: 'approve' })).toBeNull();
      return end(handle);
    });
    expect(acts).toEqual([undone]);
    expect(audit.slice(0, 6)).toEqual(['Asked', 'Approved', 'Acting', 'NotActed', 'Asked', 'Approved']);
  });

  it.each([1, 2, 3])('of approval and reject that race, takes one, and does as that says: %i (safety 29)', async () => {
    const { result, acts, audit } = await play(asking(), scriptedCluster([badRelease, healthy]), async (handle) => {
      const { id } = await question(handle);
      const refusals = await Promise.all([
        decided(handle, { plan: id, decision: 'approve', by: 'anna' }),
        decided(handle, { plan: id, decision: 'reject', by: 'ben' }),
      ]);
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1);
      await end(handle);
      return refusals[0] === null;
    });
    expect(acts).toEqual(result ? [undone] : []);
    expect(audit.filter((step) => step === 'Approved' || step === 'Rejected')).toEqual([result ? 'Approved' : 'Rejected']);
  });

  it('does nothing on an approval when the target has changed since, and asks anew (safety 29)', async () => {
    const cluster = scriptedCluster([badRelease, healthy]);
    let now = badRelease;
    const observe = async () => (cluster.acts.length > 0 ? healthy : now);
    const quiet = await cluster.readSurroundings(newTarget(), { change: { kind: 'pod', name: '', uid: '' } } as never);
    const readSurroundings: typeof cluster.readSurroundings = async () => ({
      ...quiet,
      readAtMs: Date.now(),
      apiServerMs: { kind: 'read', value: Date.now() },
      object: { kind: 'read', value: { ...(quiet.object as { value: object }).value, generation: now.generation } as never },
    });
    const { acts, audit, result } = await play(asking(), { ...cluster, observe, readSurroundings }, async (handle) => {
      const first = await question(handle);
      now = { ...badRelease, generation: badRelease.generation + 1 };
      expect(await decided(handle, { plan: first.id, decision: 'approve' })).toBeNull();
      const second = await question(handle, first);
      expect(cluster.acts).toEqual([]);
      expect(await decided(handle, { plan: first.id, decision: 'approve' })).toMatch(/is not asked about now/);
      expect(await decided(handle, { plan: second.id, decision: 'approve' })).toBeNull();
      return end(handle);
    });
    expect(acts).toEqual([undone]);
    expect(result.kind).toBe('recovered');
    expect(audit).toEqual(['Asked', 'Approved', 'Voided', 'Asked', 'DecisionRefused', 'Approved', 'Acting', 'Acted', 'Verified', 'Closed']);
  });

  it('asks the guards all the same: an approved plan is not carried out under a freeze (safety 29)', async () => {
    const target = newTarget();
    const { acts, audit, result } = await play(
      asking({ patienceSeconds: 1 }),
      scriptedCluster([badRelease]),
      async (handle) => {
        const { id } = await question(handle);
        const office = stage.environment.client.workflow.getHandle(permitOfficeWorkflowId(target.cluster));
        await office.executeUpdate(freeze, { args: [{ by: 'ben' }] });
        expect(await decided(handle, { plan: id, decision: 'approve' })).toBeNull();
        return end(handle);
      },
      target,
    );
    expect(acts).toEqual([]);
    // The freeze is written down beside it, by the permit office.
    expect(audit.filter((step) => step !== 'Commanded')).toEqual(['Asked', 'Approved', 'Refused', 'Escalated', 'Closed']);
    expect(result.kind).toBe('escalated');
  });

  it('waits a freeze out with few looks, also when its alert is over already (safety 30)', async () => {
    const target = newTarget();
    const { acts, workflowId } = await play(
      asking(),
      scriptedCluster([badRelease, healthy]),
      async (handle) => {
        const { id } = await question(handle);
        const office = stage.environment.client.workflow.getHandle(permitOfficeWorkflowId(target.cluster));
        await office.executeUpdate(freeze, { args: [{ by: 'ben', forSeconds: 4 }] });
        await handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
        expect(await decided(handle, { plan: id, decision: 'approve' })).toBeNull();
        return handle.result();
      },
      target,
    );
    expect(acts).toEqual([undone]);
    expect(await looksIn(workflowId)).toBeLessThan(8);
  });

  it('asks nothing once the target is healthy by itself, and ends when a person cancels it (safety 30)', async () => {
    const cluster = scriptedCluster([badRelease]);
    let now = badRelease;
    const { acts, result } = await play(asking(), { ...cluster, observe: async () => now }, async (handle) => {
      const { id } = await question(handle);
      now = healthy;
      await handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
      const outcome = (await handle.result()) as Outcome;
      await expect(handle.executeUpdate(decide, { args: [{ plan: id, decision: 'approve', by: 'anna' }] })).rejects.toThrow();
      return outcome;
    });
    expect(acts).toEqual([]);
    expect(result.kind).toBe('selfResolved');
    const cancelled = await play(asking(), scriptedCluster([badRelease]), async (handle) => {
      await question(handle);
      await handle.cancel();
      await handle.result().catch(() => undefined);
      return (await handle.describe()).status.name;
    });
    expect(cancelled).toMatchObject({ result: 'CANCELLED', acts: [] });
  });
});
