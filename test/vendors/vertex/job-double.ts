import { googleFailure, NOT_FOUND } from '../google.ts';
import type { Recorded, Reply } from '../recorder.ts';
import { type Fields, madeJob, momentOf, type VertexDouble } from './held.ts';

/** Pipeline jobs, the newest first. */
export function answerJobs(state: VertexDouble, { method, query, body }: Recorded, id: string, verb: string): Reply {
  if (id === '') return method === 'POST' ? create(state, query.pipelineJobId ?? '', body as Fields) : listed(state, query.filter ?? '');
  const job = state.jobs.get(id);
  if (!job) return NOT_FOUND(`PipelineJob ${id}`);
  if (verb !== 'cancel') return { body: job };
  job.state = 'PIPELINE_STATE_CANCELLING';
  return { body: {} };
}

export function answerSchedules(state: VertexDouble, { method }: Recorded, verb: string): Reply {
  const { schedule } = state;
  if (method !== 'POST') return { body: schedule };
  schedule.state = verb === 'pause' ? 'PAUSED' : 'ACTIVE';
  if (verb === 'pause') schedule.lastPauseTime = momentOf(++state.changes);
  return { body: {} };
}

function create(state: VertexDouble, id: string, body: Fields): Reply {
  if (state.jobs.has(id)) return googleFailure(409, 'ALREADY_EXISTS', `PipelineJob ${id} is there already.`);
  const job = madeJob(id, momentOf(++state.changes), body);
  state.jobs.set(id, job);
  return { body: job };
}

function listed({ jobs }: VertexDouble, filter: string): Reply {
  const [, label = '', value = ''] = /^labels\.([\w-]+)="(.*)"$/.exec(filter) ?? [];
  const found = [...jobs.values()].filter(({ labels }) => labels[label] === value).reverse();
  return { body: found.length > 0 ? { pipelineJobs: found } : {} };
}
