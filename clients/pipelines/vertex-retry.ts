import { z } from 'zod';
import type { MadeRun } from '../../incident/change.ts';
import type { ApplyOptions, Bound } from '../cluster.ts';
import { Refused, TargetChanged } from '../failures.ts';
import { actId } from '../google/act-id.ts';
import { bodyOf, isConflict, isThere } from '../google/failures.ts';
import { idOf } from '../google/google-call.ts';
import type { Answer, SystemCall } from '../http/system-call.ts';
import { MADE_BY, type PipelineJob, RETRY_OF, retryMark, stateOf, uidOf } from './vertex-job-seen.ts';

const CREATE = 'aiplatform.pipelineJobs.create, or iam.serviceAccounts.actAs on the account that it runs as,';
/** Vertex AI gives each job one of its own. */
const BILLING_LABEL = 'vertex-ai-pipelines-run-billing-id';

/** What a further run is made of; it is sent on as it came. */
const Source = z.object({
  displayName: z.string().optional(),
  pipelineSpec: z.unknown().optional(),
  templateUri: z.string().optional(),
  runtimeConfig: z.unknown().optional(),
  serviceAccount: z.string().optional(),
  network: z.string().optional(),
  reservedIpRanges: z.unknown().optional(),
  pscInterfaceConfig: z.unknown().optional(),
  encryptionSpec: z.unknown().optional(),
});

/** What is read of pipeline jobs. */
export interface JobReader {
  /** @returns the job, and all that Vertex AI said of it; null where there is none */
  get(name: string): Promise<{ readonly job: PipelineJob; readonly raw: unknown } | null>;
  /** @throws TargetGone where there is none */
  known(name: string): Promise<{ readonly job: PipelineJob; readonly raw: unknown }>;
  /** The further runs that Paramedic made of it, newest first. */
  retriesOf(name: string): Promise<readonly PipelineJob[]>;
}

/** Makes further runs of pipeline jobs, each as a job of its own name, and cancels them while they run. */
export function vertexRetrier(call: (call: SystemCall) => Promise<Answer>, jobs: string, read: JobReader) {
  async function create(run: MadeRun, body: unknown, key: string): Promise<'applied' | 'alreadyApplied'> {
    const query = { pipelineJobId: run.name };
    const answer = await call({ method: 'POST', path: jobs, query, body, needs: CREATE, expects: isConflict });
    if (answer.kind === 'done') return 'applied';
    const made = isThere(answer) ? await read.get(run.name) : null;
    if (made) return whoseIs(made.job, key);
    throw new TargetChanged(`Pipeline job ${run.name} cannot be made just now: ${answer.message}`);
  }

  return {
    async make(name: string, run: MadeRun, { uid }: Bound, { key, dryRun, beforeWrite }: ApplyOptions) {
      if (Object.keys(run.memory).length > 0)
        throw new Refused(`Cannot give pipeline job ${name} more memory: how much a step has is written in its template.`);
      const { job, raw } = await read.known(name);
      if (uidOf(job) !== uid) throw new TargetChanged(`Pipeline job ${name} was deleted and made anew since it was looked at.`);
      const retries = await read.retriesOf(name);
      const made = retries.find((one) => idOf(one) === run.name) ?? (await read.get(run.name))?.job;
      if (made) return whoseIs(made, key);
      const newest = retries[0] ?? job;
      if (stateOf(newest) !== 'failed')
        throw new TargetChanged(`Pipeline job ${idOf(newest)} is ${newest.state}: it has not failed any more.`);
      await beforeWrite?.();
      if (dryRun) return 'applied';
      const { [BILLING_LABEL]: _own, ...labels } = job.labels;
      const body = { ...Source.parse(raw), labels: { ...labels, [RETRY_OF]: retryMark(name), [MADE_BY]: actId(key) } };
      return create(run, body, key);
    },

    /** @throws TargetChanged when it has ended, or another act made it */
    async takeBack(run: MadeRun, { key, dryRun, beforeWrite }: ApplyOptions): Promise<'applied' | 'alreadyApplied'> {
      const made = await read.get(run.name);
      if (made === null) return 'alreadyApplied';
      whoseIs(made.job, key.replace(/\/undo$/, ''));
      const state = stateOf(made.job);
      if (state === 'stopped' || made.job.state === 'PIPELINE_STATE_CANCELLING') return 'alreadyApplied';
      if (state !== 'running') throw new TargetChanged(`Pipeline job ${run.name} has ended, and is kept with what it says.`);
      await beforeWrite?.();
      if (dryRun) return 'applied';
      const path = `${jobs}/${encodeURIComponent(run.name)}:cancel`;
      const answer = await call({ method: 'POST', path, body: {}, needs: 'aiplatform.pipelineJobs.cancel', expects: isConflict });
      bodyOf(answer, `Pipeline job ${run.name}`);
      return 'applied';
    },
  };
}

/** @throws TargetChanged where another act, or somebody else, made it */
function whoseIs(job: PipelineJob, key: string): 'alreadyApplied' {
  if (job.labels[MADE_BY] === actId(key)) return 'alreadyApplied';
  throw new TargetChanged(`A pipeline job ${idOf(job)} is there already, made by somebody else.`);
}
