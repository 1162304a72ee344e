import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { openTrail } from '../../clients/audit/trail.ts';
import { verifyTrail } from '../../clients/audit/verify.ts';
import { AuditLine } from '../../incident/audit-line.ts';
import type { Outcome } from '../../incident/incident.ts';
import { runbookVersion } from '../../runbooks/version.ts';
import { createWorker } from '../../worker/run-worker.ts';
import { alertResolved, alertsFired, asked, decide } from '../../workflows/messages.ts';
import { evidence, readyPod, sickPod } from '../evidence.ts';
import { layer } from '../limits.ts';
import { only, scriptedCluster, scriptedRegistry } from '../scripted-cluster.ts';
import { newTarget, runbook, type Stage, setTheStage, untilSent, untilTold } from './incident-run.ts';

const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const healthy = evidence({ pods: [readyPod('ranker-0')] });
const alert = { name: 'Crash', fingerprint: 'a1', labels: {}, annotations: {}, startsAt: '2026-01-01T00:00:00Z' };
const stranger = { id: 'U0EVE', name: 'eve', way: 'slack' as const, groups: [] };
const anna = { id: 'U0ANNA', name: 'anna', way: 'slack' as const, groups: ['S0ML'] };

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await setTheStage();
  folder = mkdtempSync(join(tmpdir(), 'paramedic-audit-'));
}, 3_600_000);

afterAll(async () => {
  await stage?.leave();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** How many seconds an entry of each step is waited for. */
function patience({ events }: Awaited<ReturnType<WorkflowHandle['fetchHistory']>>): Readonly<Record<string, number>> {
  const scheduled = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes ?? []);
  const audits = scheduled.filter(({ activityType }) => activityType?.name === 'audit');
  return Object.fromEntries(
    audits.map(({ input, scheduleToCloseTimeout }) => [
      JSON.parse(Buffer.from(input?.payloads?.[1]?.data ?? []).toString('utf8')).step,
      Number(scheduleToCloseTimeout?.seconds),
    ]),
  );
}

describe('the trail of an incident', () => {
  it('says who or what did each step, why, by which rule and permit, from what to what, and with which runbook and code', async () => {
    const target = newTarget();
    const approvers = { people: [], slackUsers: ['U0ANNA'], slackGroups: [] };
    const approval = { withinSeconds: 600, approvers, namespaces: {}, fourEyes: false };
    const chosen = runbook('podCrash', { mode: 'approve', approval });
    const file = join(folder, 'audit.jsonl');
    const taskQueue = `audit-${target.name}`;
    const worker = await createWorker({
      ...{
        connection: stage.environment.nativeConnection,
        namespace: stage.environment.client.options.namespace,
        taskQueue,
        workflowBundle: stage.workflowBundle,
      },
      kubernetes: scriptedCluster([badRelease, healthy]),
      registries: only(scriptedRegistry()),
      channels: { escalationWebhooks: [], writeAudit: openTrail(file, { version: '1.2.3' }).write, log: () => undefined },
    });
    const incident = `outage/${target.name}`;
    const { outcome, history } = await worker.runUntil(async () => {
      const handle = await stage.environment.client.workflow.signalWithStart('podCrash', {
        workflowId: incident,
        taskQueue,
        args: [{ target, runbook: chosen, runbookVersion: runbookVersion(chosen), limits: [layer()] }],
        signal: alertsFired,
        signalArgs: [[{ ...alert, status: 'firing' }]],
      });
      await untilSent(handle);
      const plan = (await handle.query(asked))!.id;
      await expect(handle.executeUpdate(decide, { args: [{ plan, decision: 'approve', by: stranger }] })).rejects.toThrow();
      await handle.executeUpdate(decide, { args: [{ plan, decision: 'approve', by: anna }] });
      await untilTold(handle, /Verdict: recovered/);
      await handle.signal(alertResolved, { ...alert, status: 'resolved' });
      return { outcome: (await handle.result()) as Outcome, history: await handle.fetchHistory() };
    });
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line): AuditLine => AuditLine.parse(JSON.parse(line)));
    expect((await verifyTrail([file])).faults).toEqual([]);
    for (const line of lines)
      expect(line).toMatchObject({
        ...{ incident, run: expect.any(String), target, failureType: 'podCrash', mode: 'approve', code: { version: '1.2.3' } },
        runbook: { name: 'test', version: runbookVersion(chosen) },
      });
    const [opened, question, refused, approved, acting, acted, verified, closed] = lines;
    const why = { cause: 'bad-release', rule: expect.any(String), evidence: expect.arrayContaining([expect.any(String)]) };
    const change = { remedy: 'undoRelease', before: 'revision 2 (ranker:2)', after: 'revision 1 (ranker:2)', key: outcome.actions[0]?.key };
    expect(opened).toMatchObject({ step: 'Opened', alert: { name: 'Crash', since: alert.startsAt } });
    expect(question).toMatchObject({ step: 'Asked', plan: expect.any(String), why });
    expect(refused).toMatchObject({ step: 'DecisionRefused', plan: question?.plan, who: stranger, answer: 'approve' });
    expect(approved).toMatchObject({ step: 'Approved', plan: question?.plan, who: anna, answer: 'approve' });
    expect(acting).toMatchObject({ step: 'Acting', ...change, permit: change.key, why });
    expect(acted).toMatchObject({ step: 'Acted', ...change, result: { kind: 'done', text: change.after } });
    expect(verified).toMatchObject({ step: 'Verified', key: change.key, result: { kind: 'recovered', text: expect.any(String) } });
    expect(closed).toMatchObject({ step: 'Closed', outcome: 'recovered' });
    expect(lines).toHaveLength(8);
    // The history anchors each line by its hash.
    const text = JSON.stringify(history);
    for (const { hash } of lines) expect(text).toContain(Buffer.from(JSON.stringify(hash)).toString('base64'));
    // What somebody waits behind to hear of it waits two minutes for the trail; an act waits for it as long as that may take.
    expect(patience(history)).toMatchObject({
      Opened: 120,
      Asked: 120,
      DecisionRefused: 120,
      Approved: 3_600,
      Acting: 3_600,
      Closed: 3_600,
    });
  });
});
