import { z } from 'zod';
import type { PipelineRun, RunState, Schedule } from '../../incident/pipeline.ts';
import { redact } from '../../incident/redact.ts';

const WORDS_CHARACTERS_MAX = 1_000;
const STATES: Readonly<Record<string, RunState>> = {
  PIPELINE_STATE_SUCCEEDED: 'completed',
  PIPELINE_STATE_FAILED: 'failed',
  PIPELINE_STATE_CANCELLED: 'failed',
  PIPELINE_STATE_PAUSED: 'suspended',
};
const OUT_OF_MEMORY = /out[- ]of[- ]memory|exit(ed)? (code|status)[^\d]{0,30}137|OOMKilled/i;

/** On a run that a remedy made: the job that it is a further run of, and the act that made it. */
export const RETRY_OF = 'paramedic-retry-of';
export const MADE_BY = 'paramedic-act';

const Failure = z.object({ code: z.number().optional(), message: z.string().default('') });

/** The fields used of a pipeline job. */
export const PipelineJob = z.object({
  name: z.string(),
  displayName: z.string().default(''),
  state: z.string().default('PIPELINE_STATE_UNSPECIFIED'),
  createTime: z.string().default(''),
  startTime: z.string().optional(),
  endTime: z.string().optional(),
  error: Failure.optional(),
  labels: z.record(z.string(), z.string()).default({}),
  scheduleName: z.string().optional(),
  jobDetail: z
    .object({
      taskDetails: z
        .array(z.object({ taskName: z.string().default(''), state: z.string().default(''), error: Failure.optional() }))
        .default([]),
    })
    .optional(),
});
export type PipelineJob = z.infer<typeof PipelineJob>;

export const VertexSchedule = z.object({
  state: z.string(),
  cron: z.string().default(''),
  lastScheduledRunResponse: z.object({ scheduledRunTime: z.string().optional() }).optional(),
});

export function idOf({ name }: Pick<PipelineJob, 'name'>): string {
  return name.split('/').at(-1) ?? name;
}

/** A pipeline job as one run. */
export function runOf(job: PipelineJob): PipelineRun {
  const state = STATES[job.state] ?? 'running';
  const words = state === 'failed' ? wordsOf(job) : null;
  return {
    name: idOf(job),
    uid: `${job.name}#${job.createTime}`,
    state,
    reason: state === 'failed' ? job.state.replace('PIPELINE_STATE_', '') : null,
    message: words === null ? null : redact(words, WORDS_CHARACTERS_MAX),
    active: state === 'running' ? 1 : 0,
    succeeded: state === 'completed' ? 1 : 0,
    failed: state === 'failed' ? 1 : 0,
    createdMs: msOf(job.createTime) ?? 0,
    startedMs: msOf(job.startTime),
    endedMs: msOf(job.endTime),
    isRetry: job.labels[RETRY_OF] !== undefined,
    tries: 1,
    outOfMemory: words !== null && OUT_OF_MEMORY.test(words),
    memory: {},
  };
}

export function scheduleOf({ state, cron, lastScheduledRunResponse }: z.infer<typeof VertexSchedule>): Schedule {
  return {
    cron,
    // It has no place for who paused it.
    suspendedBy: state === 'PAUSED' ? 'person' : null,
    concurrency: 'Allow',
    lastMs: msOf(lastScheduledRunResponse?.scheduledRunTime),
  };
}

/** What failed says most: the steps, and then the job itself. */
function wordsOf({ error, jobDetail }: PipelineJob): string {
  const steps = (jobDetail?.taskDetails ?? []).filter(({ state, error: failure }) => state === 'FAILED' && failure?.message);
  return [...steps.map(({ taskName, error: failure }) => `${taskName}: ${failure?.message}`), error?.message ?? '']
    .filter(Boolean)
    .join('\n');
}

function msOf(time: string | undefined): number | null {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? null : ms;
}
