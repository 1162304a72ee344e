import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { Evidence } from '../../incident/evidence.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { registerSearchAttributes } from '../../worker/register-attributes.ts';
import { createWorker } from '../../worker/run-worker.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { alertResolved, story } from '../../workflows/messages.ts';
import { evidence, sickPod } from '../evidence.ts';
import { scriptedWorkloads } from '../scripted-workloads.ts';
import { temporalProgram } from '../temporal-program.ts';

const target = { cluster: 'test', namespace: 'ml', kind: 'Deployment', name: 'ranker' };
const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({ release: 'new' })], replicasReady: 0 });
const tooLittle = evidence({ pods: [sickPod({ release: 'new', exit: { reason: 'OOMKilled', code: 137 } })], replicasReady: 0 });

let environment: TestWorkflowEnvironment;
let workflowBundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: await temporalProgram() } },
  });
  await registerSearchAttributes(environment.connection, 'default');
  workflowBundle = await bundleWorkflows();
}, 3_600_000);

afterAll(() => environment?.teardown());

function runbook(failureType: Runbook['failureType'], change: Partial<Runbook> = {}): Runbook {
  const text = `{ name: test, failureType: ${failureType}, match: { alerts: [A] }, mode: auto, settleSeconds: 0, remedies: [restart, undoRelease, raiseMemory],
    attempts: { max: 3, backoffFirstSeconds: 0 }, verify: { stableSeconds: 0, timeoutSeconds: 1 } }`;
  const [parsed] = parseRunbook('test', text).runbooks;
  if (!parsed) throw new Error('The test runbook does not parse.');
  return { ...parsed, ...change };
}

/** Runs one incident to its end over workloads that answer with the given evidence in turn. */
async function incident(chosen: Runbook, states: readonly Evidence[], failures: { loseFirstAnswer?: boolean } = {}) {
  const workloads = scriptedWorkloads(states, failures);
  const escalations: object[] = [];
  const audit: string[] = [];
  const worker = await createWorker({
    connection: environment.nativeConnection,
    namespace: 'default',
    cluster: 'test',
    workloads,
    channels: { escalationWebhook: null, writeAudit: (line) => audit.push(line), log: (_message, fields) => escalations.push(fields) },
    workflowBundle,
  });
  const workflowId = `test/${crypto.randomUUID()}`;
  const outcome = await worker.runUntil(async () => {
    const handle = await environment.client.workflow.start(chosen.failureType, {
      workflowId,
      taskQueue: taskQueueOf('test'),
      args: [{ target, runbook: chosen }],
    });
    for (;;) {
      const told = await handle.query(story);
      if (told.some((line) => /A person is needed|Verdict: recovered|Closed/.test(line))) break;
    }
    await handle
      .signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} })
      .catch(() => undefined);
    return handle.result();
  });
  return { outcome, acts: workloads.acts, escalations, audit, workflowId };
}

describe('an incident', () => {
  it('closes as self-resolved, and acts on nothing, when the target is healthy after the grace period', async () => {
    const { outcome, acts } = await incident(runbook('podCrash'), [healthy]);
    expect(outcome.kind).toBe('selfResolved');
    expect(acts).toEqual([]);
  });

  it('undoes a bad release once and closes as recovered', async () => {
    const { outcome, acts, audit } = await incident(runbook('podCrash'), [badRelease, healthy]);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'bad-release' } });
    expect(acts).toEqual(['undoRelease at generation 2']);
    expect(audit.map((line) => JSON.parse(line).step)).toEqual(['Acting', 'Acted', 'Verified']);
  });

  it('raises memory again when the first raise was not enough', async () => {
    const { outcome, acts } = await incident(runbook('outOfMemory'), [tooLittle, tooLittle, healthy]);
    expect(outcome.kind).toBe('recovered');
    expect(acts).toEqual(['raiseMemory main to 256 Mi', 'raiseMemory main to 256 Mi']);
  });

  it('hands over after the attempt cap, and never tries once more', async () => {
    const capped = runbook('outOfMemory', { attempts: { max: 2, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 } });
    const { outcome, acts, escalations } = await incident(capped, [tooLittle]);
    expect(outcome).toMatchObject({ kind: 'escalated', reason: '2 of 2 attempts are used.' });
    expect(acts).toHaveLength(2);
    expect(escalations).toHaveLength(1);
  });

  it('changes nothing in observe mode and says what it would have done', async () => {
    const { outcome, acts } = await incident(runbook('podCrash', { mode: 'observe' }), [badRelease]);
    expect(outcome).toMatchObject({ kind: 'observed', reason: 'Observe mode: undoRelease would have been applied; nothing was changed.' });
    expect(acts).toEqual([]);
  });

  it('does not repeat an act whose answer was lost', async () => {
    const { outcome, acts } = await incident(runbook('podCrash'), [badRelease, healthy], { loseFirstAnswer: true });
    expect(acts).toEqual(['undoRelease at generation 2']);
    expect(outcome.kind).toBe('recovered');
  });

  it('hands a failure type without remedies over to a person', async () => {
    const { outcome, acts } = await incident(runbook('dataQuality'), [badRelease]);
    expect(outcome.kind).toBe('escalated');
    expect(acts).toEqual([]);
  });
});
