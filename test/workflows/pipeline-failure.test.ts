import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PipelineEvidence } from '../../incident/pipeline.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { OOM_KILLED } from '../evidence.ts';
import {
  cronPipelineEvidence,
  failedJob,
  failedPod,
  failedRun,
  pipelineEvidence,
  run,
  runningPod,
  runningRun,
} from '../pipeline-evidence.ts';
import { type Mishaps, scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, onWorker, runbook, runIncident, type Stage, setTheStage, untilTold } from './incident-run.ts';

const CODE_FAULT = 'Traceback (most recent call last):\nKeyError: 3';
const retries: Runbook['remedies'] = ['retryRun', 'retryRunWithMoreMemory'];
const lost = failedJob('connection reset by peer');
const done = pipelineEvidence({ runs: [run({ name: 'train-retry-1', isRetry: true }), failedRun()] });
const faulty = cronPipelineEvidence({ runs: [failedRun()], pods: [failedPod(CODE_FAULT)] });
const suspended = cronPipelineEvidence({ runs: [failedRun()], pods: [failedPod(CODE_FAULT)], generation: 2 }, { suspendedBy: 'paramedic' });
const suspension = 'schedule active → schedule suspended';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const policy = (change: Partial<Runbook> = {}) => runbook('pipelineFailure', { remedies: [...retries, 'pauseSchedule'], ...change });
const incident = (states: readonly PipelineEvidence[], change: Partial<Runbook> = {}, mishaps: Mishaps = {}) =>
  runIncident(stage, policy(change), scriptedCluster(states, mishaps), newTarget(states[0]!.kind));

/** The Job after so many retries that failed, too. */
function retriedInVain(count: number): PipelineEvidence {
  const retried = Array.from({ length: count }, (_, index) => failedRun({ name: `train-retry-${count - index}`, isRetry: true }));
  return pipelineEvidence({ runs: [...retried, failedRun()], pods: [failedPod('connection reset by peer')] });
}

describe('an incident of a run', () => {
  it('runs once more what failed by something that passes, and is over once that run has completed', async () => {
    const { outcome, acts } = await incident([lost, done]);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'transient' }, actions: [{ verdict: { kind: 'recovered' } }] });
    expect(acts).toEqual(['no further run → run train-retry-1']);
  });

  it('tries again when the retry fails, too, up to the attempts, and deletes no run that ended', async () => {
    const attempts = { max: 2, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 };
    const { outcome, acts } = await incident([lost, retriedInVain(1), retriedInVain(2)], { attempts }, { undoIsTooLate: true });
    expect(outcome).toMatchObject({ kind: 'escalated', reason: expect.stringContaining('2 of 2 attempts are used.') });
    expect(acts).toEqual(['no further run → run train-retry-1', 'no further run → run train-retry-2']);
    expect(outcome.actions.map(({ undone }) => undone)).toEqual([false, false]);
  });

  it('gives a run that was short of memory more, and again, and says that the next runs are not given it', async () => {
    const pods = [failedPod(null, OOM_KILLED)];
    const short = cronPipelineEvidence({ runs: [failedRun()], pods });
    const given = { main: { limit: '256Mi', request: null } };
    const again = cronPipelineEvidence({ runs: [failedRun({ name: 'train-retry-1', isRetry: true, memory: given }), failedRun()], pods });
    const well = cronPipelineEvidence({ runs: [run({ name: 'train-retry-2', isRetry: true })] });
    const { outcome, acts, told } = await incident([short, again, well]);
    expect(outcome.kind).toBe('recovered');
    expect(acts).toEqual([
      'no further run → run train-retry-1 (main with limit 256Mi)',
      'no further run → run train-retry-2 (main with limit 512Mi)',
    ]);
    expect(told.join()).toContain('raise the limit where it is written');
  });

  it('waits for a retry that runs, and takes it back when it does not end in time', async () => {
    const hanging = pipelineEvidence({
      runs: [runningRun({ name: 'train-retry-1', isRetry: true }), failedRun()],
      pods: [runningPod('train-x2')],
    });
    const { outcome, acts } = await incident([lost, hanging]);
    expect(outcome).toMatchObject({ kind: 'escalated', reason: expect.stringContaining('longer than was waited for') });
    expect(acts).toEqual(['no further run → run train-retry-1', 'run train-retry-1 → no further run']);
    expect(outcome.actions).toMatchObject([{ verdict: { kind: 'notRecovered' }, undone: true }]);
  });

  it('takes the runbook’s own signs for passing, also directly before the act', async () => {
    const transient = { exitCodes: [], messages: ['lock is held'] };
    const { acts } = await incident([failedJob('the lock is held'), done], { transient });
    expect(acts).toEqual(['no further run → run train-retry-1']);
  });

  it('hands over what no retry mends, and changes nothing', async () => {
    const { outcome, acts, escalations } = await incident([failedJob(CODE_FAULT)]);
    expect(outcome.kind).toBe('escalated');
    expect(acts).toEqual([]);
    expect(escalations).toEqual([expect.objectContaining({ nextStep: expect.stringContaining('mend the program') })]);
  });

  it('leaves what somebody suspended to them, and wakes nobody', async () => {
    const held = cronPipelineEvidence({ runs: [failedRun()], pods: [failedPod('connection reset by peer')] }, { suspendedBy: 'person' });
    const { acts, escalations, told } = await incident([held]);
    expect(acts).toEqual([]);
    expect(escalations).toEqual([]);
    expect(told.join()).toContain('not by Paramedic');
  });

  it('leaves a run alone that is merely under way, and ends with its alert', async () => {
    const cluster = scriptedCluster([pipelineEvidence({ runs: [runningRun()], pods: [runningPod('train-x1')] })]);
    const chosen = policy({ alertEndsSeconds: 3_600, verify: { stableSeconds: 0, timeoutSeconds: 3_600 } });
    const { seen, result } = await onWorker(
      stage,
      chosen,
      cluster,
      newTarget('Job'),
      () => undefined,
      async (handle) => {
        await untilTold(handle, /Cause: still-running/);
        await handle.signal('alertResolved', { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
        return handle.result();
      },
    );
    expect(result).toMatchObject({ kind: 'selfResolved', reason: 'The run is under way, and the alert is over.' });
    expect([seen.acts, seen.escalations]).toEqual([[], []]);
  });
});

describe('a failure that is contained', () => {
  it('is handed over all the same, and the containment stays', async () => {
    const { outcome, acts, audit, escalations } = await incident([faulty, suspended]);
    expect(acts).toEqual([suspension]);
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ verdict: { kind: 'contained' }, undone: false }] });
    expect(escalations).toEqual([
      expect.objectContaining({ reason: 'No remedy of this runbook is left for code-error. It is contained: schedule suspended.' }),
    ]);
    expect(audit).toEqual(['Acting', 'Acted', 'Verified', 'Escalated', 'Closed']);
  });

  it('is not where the runbook does not list it', async () => {
    const { acts, outcome } = await incident([faulty], { remedies: retries });
    expect(acts).toEqual([]);
    expect(outcome.kind).toBe('escalated');
  });

  it('is asked about first where the runbook asks, and only told where it observes', async () => {
    const { acts, outcome } = await incident([faulty], { mode: 'observe' });
    expect(acts).toEqual([]);
    expect(outcome).toMatchObject({ kind: 'observed', reason: expect.stringContaining(suspension) });
    const asked = await runIncident(
      stage,
      policy({ mode: 'approve' }),
      scriptedCluster([faulty]),
      newTarget('CronJob'),
      () => undefined,
      'reject',
    );
    expect(asked.requests).toEqual([
      expect.objectContaining({ proposal: expect.objectContaining({ plan: expect.stringContaining(suspension) }) }),
    ]);
    expect(asked.acts).toEqual([]);
  });

  it('is not called so when somebody set the schedule going again meanwhile', async () => {
    const { outcome, acts } = await incident([faulty]);
    expect(acts).toEqual([suspension, 'schedule suspended → schedule active']);
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ verdict: { kind: 'notRecovered' }, undone: true }] });
  });

  it('is contained only once a cure is out of the question', async () => {
    const first = cronPipelineEvidence({ runs: [failedRun()], pods: [failedPod('connection reset by peer')] });
    const then = { ...faulty, runs: [failedRun({ name: 'train-retry-1', isRetry: true }), failedRun()] };
    const { acts } = await incident([first, then, { ...then, ...suspended, runs: then.runs }], {}, { undoIsTooLate: true });
    expect(acts).toEqual(['no further run → run train-retry-1', suspension]);
  });
});
