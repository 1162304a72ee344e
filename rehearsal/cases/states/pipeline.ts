import type { PipelineEvidence, PipelineRun, RunPod } from '../../../incident/pipeline.ts';
import type { PipelineKind } from '../../../incident/target.ts';
import { podsOf } from './pods.ts';
import type { RunWords, State } from './schema.ts';

const MINUTE_MS = 60_000;
const COMPLETED: RunWords = { state: 'completed', minutesAgo: 15, minutes: 5 };

/** What runs to an end, as the words of a state say. @param nowMs when it is looked at */
export function pipelineOf(kind: PipelineKind, name: string, state: State, nowMs: number): PipelineEvidence {
  const words = state.runs ?? [COMPLETED];
  const memory = { main: { limit: `${state.memory.limitMi}Mi`, request: null } };
  const runs = words.map((one, index) => runOf(one, index, name, memory, nowMs));
  const [newest] = words;
  const isScheduled = kind === 'CronJob' || kind === 'CronWorkflow' || state.schedule !== undefined;
  return {
    kind,
    uid: `uid-${name}`,
    generation: 1,
    name,
    readAtMs: nowMs,
    controller: null,
    schedule: isScheduled
      ? {
          cron: state.schedule?.cron ?? '*/30 * * * *',
          suspendedBy: state.schedule?.suspendedBy ?? null,
          concurrency: 'Allow',
          lastMs: runs[0]?.createdMs ?? null,
        }
      : null,
    runs,
    pods: state.pods ? runPodsOf(state, name, newest) : newest?.state === 'failed' ? [failedPodOf(newest, state, name)] : [],
    memory,
    retriedBy: 'furtherRun',
  };
}

function runOf(words: RunWords, index: number, name: string, memory: PipelineRun['memory'], nowMs: number): PipelineRun {
  const startedMs = nowMs - words.minutesAgo * MINUTE_MS;
  const isFailed = words.state === 'failed';
  const isOver = isFailed || words.state === 'completed' || words.state === 'stopped';
  const run = index === 0 ? name : `${name}-${index}`;
  return {
    name: run,
    uid: `uid-${run}`,
    state: words.state,
    reason: words.reason ?? (isFailed ? 'BackoffLimitExceeded' : null),
    message: null,
    active: words.state === 'running' ? 1 : 0,
    succeeded: words.state === 'completed' ? 1 : 0,
    failed: isFailed ? 1 : 0,
    createdMs: startedMs,
    startedMs,
    endedMs: isOver ? startedMs + words.minutes * MINUTE_MS : null,
    isRetry: false,
    tries: 1,
    outOfMemory: false,
    memory,
  };
}

function failedPodOf({ code = 1, says }: RunWords, { memory }: State, name: string): RunPod {
  const [pod] = podsOf([{ count: 1, node: 'node-1', exit: { code } }], { name, newest: 1, memoryLimitMi: memory.limitMi });
  return { ...pod!, phase: 'Failed', disruption: null, said: says ?? null };
}

function runPodsOf({ pods = [], memory }: State, name: string, newest: RunWords | undefined): readonly RunPod[] {
  const words = pods.flatMap((one) => Array.from({ length: one.count }, () => one));
  return podsOf(pods, { name, newest: 1, memoryLimitMi: memory.limitMi }).map((pod, index) => ({
    ...pod,
    phase: pod.ready ? 'Running' : 'Failed',
    disruption: words[index]?.disruption ?? null,
    said: words[index]?.exit?.says ?? newest?.says ?? null,
  }));
}
