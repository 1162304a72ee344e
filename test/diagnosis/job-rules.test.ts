import { describe, expect, it } from '@jest/globals';
import { diagnose as diagnoseIn } from '../../diagnosis/diagnose.ts';
import { healthOf } from '../../diagnosis/health.ts';
import { suspectsOf } from '../../diagnosis/suspects.ts';
import { type EventSeen, QUIET_CONTEXT } from '../../incident/context.ts';
import type { PipelineEvidence, PipelineRun } from '../../incident/pipeline.ts';
import { exitOf, OOM_KILLED, pendingPod, sickPod } from '../evidence.ts';
import {
  cronPipelineEvidence,
  failedJob,
  failedPod,
  failedRun,
  MINUTE_MS,
  NOW_MS,
  pipelineEvidence,
  run,
  runningPod,
  runningRun,
} from '../pipeline-evidence.ts';

const diagnose = (seen: PipelineEvidence) => diagnoseIn(seen, QUIET_CONTEXT);
const waits = { phase: 'Pending', disruption: null, said: null };

/** A CronJob whose runs began so far apart, the newest so long ago. */
function begun(gapMinutes: number, agoMinutes: number): PipelineEvidence {
  const runs = [0, 1, 2, 3].map((index) =>
    run({ name: `train-${4 - index}`, createdMs: NOW_MS - (agoMinutes + index * gapMinutes) * MINUTE_MS }),
  );
  return cronPipelineEvidence({ runs }, { lastMs: NOW_MS - agoMinutes * MINUTE_MS });
}

describe('the health of a run', () => {
  it('is there once the newest run completed, whatever came before', () => {
    expect(healthOf(pipelineEvidence({ runs: [run({ name: 'train-retry-1' }), failedRun()] }))).toEqual({
      kind: 'recovered',
      seen: 'Job train-retry-1 completed: 1 pods succeeded',
    });
  });

  it.each<[string, PipelineRun]>([
    ['runs', runningRun()],
    ['failed', failedRun()],
    ['is suspended', run({ state: 'suspended', endedMs: null })],
  ])('is not there while the newest run %s, though an earlier one completed (safety 19)', (_case, newest) => {
    expect(healthOf(cronPipelineEvidence({ runs: [newest, run()] })).kind).toBe('notRecovered');
  });

  it('is not there before the first run', () => {
    expect(healthOf(cronPipelineEvidence({ runs: [] })).kind).toBe('notRecovered');
  });
});

describe('diagnose() of a run', () => {
  it.each([
    ['requests.exceptions.ConnectionError: Connection reset by peer', 'transient', 'transient'],
    ['Traceback (most recent call last):\n  File "a.py"\nTimeoutError: timed out reading features', 'transient', 'transient'],
    ['HTTP 429 Too Many Requests', 'transient', 'transient'],
    ['upstream answered status 503', 'transient', 'transient'],
    ['botocore.exceptions.ClientError: An error occurred (ExpiredToken): the token has expired', 'credential-expired', 'credentialExpired'],
    ['google.api_core.exceptions.Forbidden: 403 GET', 'credential-expired', 'credentialExpired'],
    ['HTTPError: status 401 for url', 'credential-expired', 'credentialExpired'],
    ['s3 says: Access Denied', 'credential-expired', 'credentialExpired'],
    ["FileNotFoundError: [Errno 2] No such file or directory: '/data/day.parquet'", 'bad-input', 'badInput'],
    ['pandera.errors.SchemaError: column "age" not in dataframe', 'bad-input', 'badInput'],
    ['data validation failed: 31 rows', 'bad-input', 'badInput'],
    ['Traceback (most recent call last):\n  File "a.py", line 3\nZeroDivisionError: division by zero', 'code-error', 'codeError'],
    ['panic: runtime error: index out of range', 'code-error', 'codeError'],
  ])('reads %j as %s', (said, cause, rule) => {
    expect(diagnose(failedJob(said))).toMatchObject({ cause, rule, confidence: 'likely' });
  });

  it.each(['epoch 3 of 503 done', 'loss 0.401', 'a timeout of 5 s is set', 'wrote 429 rows'])('sees no sign in %j', (said) => {
    expect(diagnose(failedJob(said)).cause).toBe('unknown');
  });

  it('quotes the last line that was said, where the reason stands', () => {
    expect(diagnose(failedJob('Traceback (most recent call last):\n  File "a.py"\nKeyError: 3')).reasons).toEqual([
      'Every attempt of Job train that is still there ended with exit 1. It said: KeyError: 3',
    ]);
  });

  it('takes Kubernetes’ own words where the program left none', () => {
    const message = 'Container main for pod ml/train-x1 failed: connection refused';
    expect(diagnose(pipelineEvidence({ runs: [failedRun({ message })] })).cause).toBe('transient');
  });

  it.each([75, 143])('tries again after exit %i, by which programs ask for it', (code) => {
    expect(diagnose(failedJob(null, exitOf('Error', code)))).toMatchObject({ cause: 'transient', rule: 'transient' });
  });

  it('takes the runbook’s own signs for passing, by code and by text in any case', () => {
    const signs = { exitCodes: [17], messages: ['lock is held'] };
    const quiet = (seen: PipelineEvidence) => [diagnose(seen).cause, diagnoseIn(seen, QUIET_CONTEXT, { transient: signs }).cause];
    expect(quiet(failedJob(null, exitOf('Error', 17)))).toEqual(['unknown', 'transient']);
    expect(quiet(failedJob('The Lock is held by another run'))).toEqual(['unknown', 'transient']);
  });

  it.each(['Evicted', 'PreemptionByScheduler', 'DeletionByTaintManager'])(
    'calls it passing when the cluster ended the pod by %s',
    (disruption) => {
      const pods = [failedPod('ZeroDivisionError: never mind', exitOf('Error', 137), { disruption })];
      expect(diagnose(pipelineEvidence({ runs: [failedRun()], pods }))).toMatchObject({
        cause: 'transient',
        rule: 'disrupted',
        confidence: 'certain',
      });
    },
  );

  it('does not call it passing when only an earlier pod was taken away', () => {
    const pods = [failedPod(null, exitOf('Error', 3)), failedPod(null, exitOf('Error', 3), { disruption: 'Evicted' })];
    expect(diagnose(pipelineEvidence({ runs: [failedRun()], pods })).cause).toBe('unknown');
  });

  it('names the limit when a container was OOM-killed, whatever it said, and the node where there is no limit', () => {
    expect(diagnose(failedJob('connection reset', OOM_KILLED))).toMatchObject({ cause: 'memory-limit-too-low', rule: 'jobOutOfMemory' });
    const pod = failedPod(null, OOM_KILLED);
    const pods = [{ ...pod, containers: pod.containers.map((one) => ({ ...one, memoryLimitMi: null })) }];
    expect(diagnose(pipelineEvidence({ runs: [failedRun()], pods })).cause).toBe('node-memory-short');
  });

  it('names the deadline before what the program said while it was ended', () => {
    const runs = [failedRun({ reason: 'DeadlineExceeded' })];
    expect(diagnose(pipelineEvidence({ runs, pods: [failedPod(null, exitOf('Error', 143))] }))).toMatchObject({
      cause: 'deadline-exceeded',
      rule: 'deadlineExceeded',
    });
  });

  it('does not blame the program when its attempts ended differently', () => {
    const said = 'KeyError: 3';
    const pods = [failedPod(said), failedPod(said, exitOf('Error', 3))];
    expect(diagnose(pipelineEvidence({ runs: [failedRun()], pods })).cause).toBe('unknown');
  });

  it.each([
    ['ImagePullBackOff', 'image-missing', 'jobImageMissing'],
    ['CreateContainerConfigError', 'bad-config', 'jobBadConfig'],
  ])('reads a pod that waits by %s as %s, though its Job has not failed', (waiting, cause, rule) => {
    const pods = [{ ...sickPod({ waiting, exit: null }), ...waits }];
    expect(diagnose(pipelineEvidence({ runs: [runningRun()], pods }))).toMatchObject({ cause, rule });
  });

  it('names what keeps its pod from a node', () => {
    const seen = (said: string) =>
      diagnose(pipelineEvidence({ runs: [runningRun()], pods: [{ ...pendingPod('train-x1', said), ...waits }] }));
    expect(seen('0/3 nodes are available: 3 Insufficient cpu.')).toMatchObject({ cause: 'nodes-full', rule: 'jobHeldUp' });
    expect(seen('0/3 nodes are available: a reason nobody knows.')).toMatchObject({ cause: 'unschedulable', rule: 'jobUnschedulable' });
  });

  it('does not call ill what is under way, whatever its first attempts did', () => {
    const pods = [runningPod('train-x2'), failedPod('KeyError: 3')];
    expect(diagnose(pipelineEvidence({ runs: [runningRun({ failed: 1 })], pods }))).toMatchObject({
      cause: 'still-running',
      rule: 'stillRunning',
    });
  });

  it('calls stuck what runs for several times as long as usual, and not what never told how long it takes', () => {
    const long = runningRun({ name: 'train-2', startedMs: NOW_MS - 45 * MINUTE_MS });
    const pods = [runningPod('train-x1')];
    expect(diagnose(cronPipelineEvidence({ runs: [long, run()], pods }))).toMatchObject({
      cause: 'stuck',
      rule: 'stuck',
      confidence: 'possible',
    });
    expect(diagnose(pipelineEvidence({ runs: [long], pods })).cause).toBe('still-running');
  });

  it('calls stuck what is long under way and has no pod that runs', () => {
    const since = (minutes: number) => pipelineEvidence({ runs: [runningRun({ startedMs: NOW_MS - minutes * MINUTE_MS })] });
    expect(diagnose(since(9)).cause).toBe('still-running');
    expect(diagnose(since(11))).toMatchObject({ cause: 'stuck', confidence: 'likely' });
  });

  it('leaves alone what a person, or a queue, suspended', () => {
    const failed = { runs: [failedRun()], pods: [failedPod('connection reset')] };
    expect(diagnose(cronPipelineEvidence(failed, { suspendedBy: 'person' }))).toMatchObject({
      cause: 'held-by-person',
      rule: 'heldByPerson',
    });
    expect(diagnose(pipelineEvidence({ runs: [run({ state: 'suspended', endedMs: null })] })).cause).toBe('held-by-person');
  });

  it('goes on naming the cause once Paramedic has suspended the schedule', () => {
    const failed = { runs: [failedRun()], pods: [failedPod('KeyError: 3')] };
    expect(diagnose(cronPipelineEvidence(failed, { suspendedBy: 'paramedic' })).cause).toBe('code-error');
  });

  it('notices that a schedule is missed when nothing began for several times the usual gap', () => {
    expect(diagnose(begun(60, 5 * 60))).toMatchObject({ cause: 'missed-schedule', rule: 'missedSchedule', confidence: 'possible' });
    expect(diagnose(begun(24 * 60, 72 * 60)).cause).toBe('healthy');
    expect(diagnose(begun(60, 59)).cause).toBe('healthy');
  });

  it('believes the CronJob controller that it does not start what is due, and no other’s word', () => {
    const event = (about: string): EventSeen => ({
      about,
      reason: 'TooManyMissedTimes',
      message: 'too many missed',
      count: 1,
      firstMs: NOW_MS,
      lastMs: NOW_MS,
    });
    const seen = (about: string) =>
      diagnoseIn(cronPipelineEvidence({ runs: [] }), { ...QUIET_CONTEXT, events: { kind: 'read', value: [event(about)] } });
    expect(seen('CronJob/train')).toMatchObject({ cause: 'missed-schedule', confidence: 'certain' });
    expect(seen('CronJob/other').cause).toBe('unknown');
  });

  it('says that it does not know where nothing is left of the failed pods', () => {
    expect(diagnose(pipelineEvidence({ runs: [failedRun()] })).cause).toBe('unknown');
  });
});

describe('diagnose() of a run that is no Job', () => {
  const dag = (change: Partial<PipelineRun>) =>
    pipelineEvidence({ kind: 'AirflowDag', runs: [failedRun({ name: 'scheduled__1', ...change })] });

  it.each([
    ['ConnectionResetError: Connection reset by peer', 'transient', 'DAG run scheduled__1 failed by something that passes.'],
    ['FileNotFoundError: no such file', 'bad-input', 'DAG run scheduled__1 stumbled over its input.'],
    ['HTTPError: status 401', 'credential-expired', 'DAG run scheduled__1 was refused for its credential or its rights.'],
    ['KeyError: 3', 'code-error', 'DAG run scheduled__1 failed by its own program.'],
  ])('reads the end of its log %j as %s, in its own word', (message, cause, reason) => {
    expect(diagnose(dag({ message }))).toMatchObject({ cause, reasons: [`${reason} It said: ${message}`] });
  });

  it('names the only limit there is where its system says that memory was short', () => {
    expect(diagnose(dag({ outOfMemory: true, memory: { train: { limit: '2Gi', request: null } } }))).toMatchObject({
      cause: 'memory-limit-too-low',
      rule: 'jobOutOfMemory',
      confidence: 'likely',
      reasons: ['DAG run scheduled__1 was ended for want of memory, as its system says: its only limit is that of train, 2Gi.'],
    });
  });

  it.each([
    ['none is known', {}],
    ['several are', { a: { limit: '1Gi', request: null }, b: { limit: '2Gi', request: null } }],
  ])('says that it cannot be given more from here where of limits %s', (_case, memory) => {
    const { cause, reasons } = diagnose(dag({ outOfMemory: true, memory }));
    expect([cause, reasons[0]]).toEqual(['memory-limit-too-low', expect.stringContaining('is not told here')]);
  });

  it('tells that it does nothing by its parts, since no pod of it is seen', () => {
    const under = (active: number) =>
      diagnose(pipelineEvidence({ kind: 'AirflowDag', runs: [runningRun({ active, startedMs: NOW_MS - 11 * MINUTE_MS })] }));
    expect(under(1).cause).toBe('still-running');
    expect(under(0)).toMatchObject({ cause: 'stuck', confidence: 'likely' });
  });

  it('leaves alone what somebody stopped', () => {
    expect(diagnose(pipelineEvidence({ kind: 'Workflow', runs: [run({ name: 'etl', state: 'stopped' })] }))).toMatchObject({
      cause: 'held-by-person',
      reasons: ['Workflow etl was stopped by somebody.'],
    });
  });

  it('notices what is killed again and again and never fails', () => {
    const again = (restarts: number) => {
      const pod = failedPod(null, OOM_KILLED, { phase: 'Running' });
      const pods = [{ ...pod, containers: pod.containers.map((one) => ({ ...one, restarts })) }];
      return diagnose(pipelineEvidence({ kind: 'PyTorchJob', runs: [runningRun()], pods }));
    };
    expect(again(6).cause).toBe('still-running');
    expect(again(7)).toMatchObject({ cause: 'memory-limit-too-low', rule: 'outOfMemoryAgain' });
  });
});

describe('suspectsOf() a run', () => {
  it('names node and image of what failed, and nothing of what succeeded', () => {
    const done = { ...failedPod(null), phase: 'Succeeded', node: 'node-2' };
    expect(suspectsOf(pipelineEvidence({ runs: [failedRun()], pods: [failedPod(null), done] }))).toEqual([
      { kind: 'node', name: 'node-1' },
      { kind: 'image', name: 'ranker:2' },
    ]);
  });
});
