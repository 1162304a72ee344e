import { z } from 'zod';
import type { PipelineEvidence } from '../../incident/pipeline.ts';
import { Refused, TargetGone } from '../failures.ts';
import { isMissing } from '../google/failures.ts';
import { type GoogleAccess, googleCall, locationOf } from '../google/google-call.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { Answer, SystemCall } from '../http/system-call.ts';
import type { OutsideClient } from '../outside.ts';
import { originalOf, PipelineJob, RETRY_OF, retryMark, runOf, uidOf } from './vertex-job-seen.ts';
import { type JobReader, vertexRetrier } from './vertex-retry.ts';
import { vertexSchedules } from './vertex-schedules.ts';

const RUNS_MAX = 10;
const READ = 'aiplatform.pipelineJobs.get';
const LIST = 'aiplatform.pipelineJobs.list';
/** A label by which its owners keep Paramedic off it. */
const OPT_OUT = 'paramedic';

const Jobs = z.object({ pipelineJobs: z.array(PipelineJob).default([]) });

/** Sees pipeline jobs of Vertex AI, runs them once more as jobs of their own, and pauses the schedule that starts them. */
export function vertexPipelines(access: GoogleAccess): Extract<OutsideClient, { readonly is: 'pipeline' }> {
  const call = googleCall('Vertex AI', access);
  const jobs = `${locationOf(access)}/pipelineJobs`;
  const read = jobReader(call, jobs);
  const schedules = vertexSchedules(call);
  const retrier = vertexRetrier(call, jobs, read);

  return {
    is: 'pipeline',
    namespace: 'vertex-ai',

    async observe({ name }): Promise<PipelineEvidence> {
      const { job } = await read.known(name);
      const [retries, schedule] = await Promise.all([read.retriesOf(name), schedules.observe(job.scheduleName)]);
      return {
        kind: 'VertexPipelineJob',
        uid: uidOf(job),
        generation: 1,
        name,
        readAtMs: Date.now(),
        controller: null,
        schedule,
        runs: [...retries, job].map(runOf),
        pods: [],
        memory: {},
        retriedBy: 'furtherRun',
      };
    },

    async retry({ name }, change, bound, options) {
      if (change.kind === 'sameRun') throw new Refused(`Pipeline job ${name} does not go on once it has failed; it can only be run anew.`);
      if (change.to !== null) return retrier.make(name, change.to, bound, options);
      return change.from === null ? 'alreadyApplied' : retrier.takeBack(change.from, options);
    },

    async pause({ name }, change, _bound, options) {
      const { job } = await read.known(name);
      return schedules.set(job.scheduleName, change, options);
    },

    async topmost(name) {
      const found = await read.get(name);
      return found && { kind: 'VertexPipelineJob', name: originalOf(found.job) };
    },

    async optOut({ name }) {
      return (await read.known(name)).job.labels[OPT_OUT] === 'off' ? `the label ${OPT_OUT}=off` : null;
    },
  };
}

function jobReader(call: (call: SystemCall) => Promise<Answer>, jobs: string): JobReader {
  const get: JobReader['get'] = async (name) => {
    const answer = await call({ method: 'GET', path: `${jobs}/${encodeURIComponent(name)}`, needs: READ, expects: isMissing });
    if (answer.kind === 'failed') return null;
    return { job: readAnswer(PipelineJob, answer.body, `Vertex AI's answer about pipeline job ${name}`), raw: answer.body };
  };
  return {
    get,
    async known(name) {
      const found = await get(name);
      if (found === null) throw new TargetGone(`Vertex AI has no pipeline job ${name}.`);
      return found;
    },
    async retriesOf(name) {
      const filter = `labels.${RETRY_OF}=${JSON.stringify(retryMark(name))}`;
      const query = { filter, orderBy: 'create_time desc', pageSize: String(RUNS_MAX) };
      const answer = await call({ method: 'GET', path: jobs, query, needs: LIST });
      const body = answer.kind === 'done' ? answer.body : null;
      const { pipelineJobs } = readAnswer(Jobs, body, `Vertex AI's list of the retries of ${name}`);
      return pipelineJobs.toSorted((a, b) => Date.parse(b.createTime) - Date.parse(a.createTime));
    },
  };
}
