import type { LastExit } from '../incident/evidence.ts';
import type { PipelineEvidence, PipelineRun, RunPod, Schedule } from '../incident/pipeline.ts';
import { exitOf, readyPod } from './evidence.ts';

export const NOW_MS = Date.parse('2026-03-02T12:00:00Z');
export const MINUTE_MS = 60_000;

/** A run that completed a quarter of an hour ago, changed as the test wants. */
export function run(change: Partial<PipelineRun> = {}): PipelineRun {
  const beganMs = NOW_MS - 15 * MINUTE_MS;
  return {
    name: 'train',
    uid: `uid-${change.name ?? 'train'}`,
    state: 'completed',
    reason: null,
    message: null,
    active: 0,
    succeeded: 1,
    failed: 0,
    createdMs: beganMs,
    startedMs: beganMs,
    endedMs: beganMs + 5 * MINUTE_MS,
    isRetry: false,
    tries: 1,
    outOfMemory: false,
    memory: { main: { limit: '128Mi', request: null } },
    ...change,
  };
}

export function failedRun(change: Partial<PipelineRun> = {}): PipelineRun {
  return run({ state: 'failed', reason: 'BackoffLimitExceeded', succeeded: 0, failed: 1, ...change });
}

export function runningRun(change: Partial<PipelineRun> = {}): PipelineRun {
  return run({ state: 'running', succeeded: 0, active: 1, endedMs: null, ...change });
}

export function runningPod(name: string): RunPod {
  return { ...readyPod(name), phase: 'Running', disruption: null, said: null };
}

/** A pod that failed, and what it said at the end. */
export function failedPod(said: string | null, exit: LastExit = exitOf('Error', 1), change: Partial<RunPod> = {}): RunPod {
  const pod = readyPod('train-x1');
  const [container] = pod.containers;
  return {
    ...pod,
    ready: false,
    phase: 'Failed',
    disruption: null,
    said,
    containers: container ? [{ ...container, ready: false, lastExit: exit }] : [],
    ...change,
  };
}

/** A Job whose run completed, changed as the test wants. */
export function pipelineEvidence(change: Partial<PipelineEvidence> = {}): PipelineEvidence {
  return {
    kind: 'Job',
    uid: 'uid-train',
    generation: 1,
    name: 'train',
    readAtMs: NOW_MS,
    controller: null,
    schedule: null,
    runs: [run()],
    pods: [],
    memory: { main: { limit: '128Mi', request: null } },
    retriedBy: 'furtherRun',
    ...change,
  };
}

/** A Job whose only pod failed with these last words. */
export function failedJob(said: string | null, exit?: LastExit): PipelineEvidence {
  return pipelineEvidence({ runs: [failedRun()], pods: [failedPod(said, exit)] });
}

/** A CronJob as the Job's evidence is, on a schedule. */
export function cronPipelineEvidence(change: Partial<PipelineEvidence> = {}, schedule: Partial<Schedule> = {}): PipelineEvidence {
  const lastMs = NOW_MS - 15 * MINUTE_MS;
  return pipelineEvidence({
    kind: 'CronJob',
    schedule: { cron: '*/30 * * * *', suspendedBy: null, concurrency: 'Allow', lastMs, ...schedule },
    ...change,
  });
}
