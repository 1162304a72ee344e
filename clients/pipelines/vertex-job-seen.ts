import { z } from 'zod';
import type { PipelineRun, RunState, Schedule } from '../../incident/pipeline.ts';
import { redact } from '../../incident/redact.ts';
import { actId } from '../google/act-id.ts';
import { idOf } from '../google/google-call.ts';

const WORDS_CHARACTERS_MAX = 1_000;
const STATES: Readonly<Record<string, RunState>> = {
  PIPELINE_STATE_SUCCEEDED: 'completed',
  PIPELINE_STATE_FAILED: 'failed',
  PIPELINE_STATE_CANCELLED: 'stopped',
  PIPELINE_STATE_CANCELLING: 'running',
  PIPELINE_STATE_PAUSED: 'suspended',
  PIPELINE_STATE_QUEUED: 'running',
  PIPELINE_STATE_PENDING: 'running',
  PIPELINE_STATE_RUNNING: 'running',
};
const OUT_OF_MEMORY = /out[- ]of[- ]memory|exit(ed)?( with)?( code| status)?[^\d]{0,30}\b137\b|OOMKilled/i;

/** Labels on a run that a remedy made: what it is a further run of, and the act that made it. */
export const RETRY_OF = 'paramedic_retry_of';
export const MADE_BY = 'paramedic_act';

/** Codes of google.rpc as reasons; of the others the words say more. */
const REASONS: Readonly<Record<number, string>> = {
  4: 'DeadlineExceeded',
  7: 'PermissionDenied',
  8: 'ResourceExhausted',
  14: 'Unavailable',
  16: 'Unauthenticated',
};
const ID_OF_RETRY = /-retry-\d+$/;
const LABEL_CHARACTERS_MAX = 63;

const Failure = z.object({ code: z.number().default(0), message: z.string().default('') });
const time = z.iso.datetime().optional();

/** The fields used of a pipeline job. */
export const PipelineJob = z.object({
  name: z.string(),
  state: z.string().default('PIPELINE_STATE_UNSPECIFIED'),
  createTime: z.iso.datetime(),
  startTime: time,
  endTime: time,
  error: Failure.optional(),
  labels: z.record(z.string(), z.string()).default({}),
  scheduleName: z.string().default(''),
  jobDetail: z
    .object({
      taskDetails: z
        .array(z.object({ taskName: z.string().default(''), state: z.string().default(''), error: Failure.optional() }))
        .default([]),
    })
    .optional(),
});
export type PipelineJob = z.infer<typeof PipelineJob>;

export const JobSchedule = z.object({
  state: z.string(),
  cron: z.string().default(''),
  lastPauseTime: z.string().optional(),
  lastScheduledRunResponse: z.object({ scheduledRunTime: time }).optional(),
});
export type JobSchedule = z.infer<typeof JobSchedule>;

/** A pipeline job as one run. @throws where Vertex AI tells of a state that it did not have */
export function runOf(job: PipelineJob): PipelineRun {
  const state = stateOf(job);
  const words = state === 'failed' ? wordsOf(job) : '';
  const tasks = job.jobDetail?.taskDetails ?? [];
  const count = (...wanted: readonly string[]) => tasks.filter((task) => wanted.includes(task.state)).length;
  return {
    name: idOf(job),
    uid: uidOf(job),
    state,
    reason: state === 'failed' ? (REASONS[job.error?.code ?? 0] ?? 'Failed') : null,
    message: words === '' ? null : redact(words, WORDS_CHARACTERS_MAX),
    active: count('PENDING', 'RUNNING', 'CANCEL_PENDING', 'CANCELLING'),
    succeeded: count('SUCCEEDED', 'SKIPPED'),
    failed: count('FAILED'),
    createdMs: Date.parse(job.createTime),
    startedMs: msOf(job.startTime),
    endedMs: msOf(job.endTime),
    isRetry: job.labels[RETRY_OF] !== undefined,
    tries: 1,
    outOfMemory: OUT_OF_MEMORY.test(words),
    memory: {},
  };
}

export function stateOf(job: PipelineJob): RunState {
  const state = STATES[job.state];
  if (state === undefined) throw new Error(`Cannot tell how pipeline job ${idOf(job)} stands: its state ${job.state} is not known here.`);
  return state;
}

/** What the label of a further run says of the job that it is one of. */
export function retryMark(name: string): string {
  return name.length > LABEL_CHARACTERS_MAX ? actId(name) : name;
}

/** The job that it is a further run of, or itself. */
export function originalOf({ labels, ...job }: PipelineJob): string {
  const original = idOf(job).replace(ID_OF_RETRY, '');
  return labels[RETRY_OF] === retryMark(original) ? original : idOf(job);
}

/** A job that is deleted can be made anew under its name. */
export function uidOf({ name, createTime }: PipelineJob): string {
  return `${name}#${createTime}`;
}

/** @param byUs who paused it was Paramedic */
export function scheduleOf({ state, cron, lastScheduledRunResponse }: JobSchedule, byUs: boolean): Schedule | null {
  if (state === 'COMPLETED') return null;
  return {
    cron,
    suspendedBy: state !== 'PAUSED' ? null : byUs ? 'paramedic' : 'person',
    concurrency: 'Allow',
    lastMs: msOf(lastScheduledRunResponse?.scheduledRunTime),
  };
}

/** What failed says most: the steps, and then the job itself. */
function wordsOf({ error, jobDetail }: PipelineJob): string {
  const failed = (jobDetail?.taskDetails ?? []).filter((task) => task.state === 'FAILED' && task.error?.message);
  return [...failed.map((task) => `${task.taskName}: ${task.error?.message}`), error?.message ?? ''].filter(Boolean).join('\n');
}

function msOf(moment: string | undefined): number | null {
  return moment === undefined ? null : Date.parse(moment);
}
