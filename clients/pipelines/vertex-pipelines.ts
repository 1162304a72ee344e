import { z } from 'zod';
import type { MadeRun } from '../../incident/change.ts';
import type { PipelineEvidence, Schedule } from '../../incident/pipeline.ts';
import type { ApplyOptions, Bound } from '../cluster.ts';
import { Refused, TargetChanged, unlessGone } from '../failures.ts';
import { actId } from '../google/act-id.ts';
import { bodyOf, isConflict, isMissing } from '../google/failures.ts';
import { type GoogleAccess, googleCall, locationOf } from '../google/google-call.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { OutsideClient } from '../outside.ts';
import { idOf, MADE_BY, PipelineJob, RETRY_OF, runOf, scheduleOf, VertexSchedule } from './vertex-job-seen.ts';

const RUNS_MAX = 10;
const READ = 'aiplatform.pipelineJobs.get and aiplatform.pipelineJobs.list';
const OPT_OUT = 'paramedic';
const Jobs = z.object({ pipelineJobs: z.array(PipelineJob).default([]) });
/** What a further run is made of; it is sent on as it came. */
const Source = z.looseObject({
  displayName: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  pipelineSpec: z.unknown().optional(),
  templateUri: z.string().optional(),
  runtimeConfig: z.unknown().optional(),
  serviceAccount: z.string().optional(),
  network: z.string().optional(),
  encryptionSpec: z.unknown().optional(),
});

/** Sees pipeline jobs of Vertex AI, runs them once more as jobs of their own, and pauses the schedule that starts them. */
export function vertexPipelines(access: GoogleAccess): OutsideClient {
  const call = googleCall('Vertex AI', access);
  const jobs = `${locationOf(access)}/pipelineJobs`;
  const textOf = (name: string) => `The Vertex AI pipeline job ${name}`;

  async function readRaw(name: string): Promise<unknown> {
    return bodyOf(
      await call({ method: 'GET', path: `${jobs}/${encodeURIComponent(name)}`, needs: READ, expects: isMissing }),
      textOf(name),
    );
  }
  const read = async (name: string) => readAnswer(PipelineJob, await readRaw(name), `Vertex AI's answer about pipeline job ${name}`);

  async function retriesOf(name: string): Promise<PipelineJob[]> {
    const query = { filter: `labels.${RETRY_OF}=${name}`, orderBy: 'create_time desc', pageSize: String(RUNS_MAX) };
    const answer = await call({ method: 'GET', path: jobs, query, needs: READ });
    return readAnswer(Jobs, answer.kind === 'done' ? answer.body : null, `Vertex AI's list of the retries of ${name}`).pipelineJobs;
  }

  async function readSchedule({ scheduleName }: PipelineJob): Promise<Schedule | null> {
    if (!scheduleName) return null;
    const answer = await call({ method: 'GET', path: scheduleName, needs: 'aiplatform.schedules.get', expects: isMissing });
    return answer.kind === 'failed'
      ? null
      : scheduleOf(readAnswer(VertexSchedule, answer.body, `Vertex AI's answer about ${scheduleName}`));
  }

  /** @throws TargetChanged when there is a job of the name that this act did not make, or the target is not as it was */
  async function make(name: string, run: MadeRun, bound: Bound, { key, dryRun, beforeWrite }: ApplyOptions) {
    const raw = await readRaw(name);
    const job = readAnswer(PipelineJob, raw, `Vertex AI's answer about pipeline job ${name}`);
    if (uidOf(job) !== bound.uid) throw new TargetChanged(`${textOf(name)} was deleted and made anew since it was looked at.`);
    const made = (await retriesOf(name)).find((one) => idOf(one) === run.name);
    if (made) return whoseIs(made, key);
    await beforeWrite?.();
    if (dryRun) return 'applied';
    const { displayName, labels, pipelineSpec, templateUri, runtimeConfig, serviceAccount, network, encryptionSpec } = Source.parse(raw);
    const body = {
      displayName: displayName ?? run.name,
      labels: { ...labels, [RETRY_OF]: name, [MADE_BY]: actId(key) },
      ...Object.fromEntries(
        Object.entries({ pipelineSpec, templateUri, runtimeConfig, serviceAccount, network, encryptionSpec }).filter(
          ([, value]) => value !== undefined,
        ),
      ),
    };
    const needs = 'aiplatform.pipelineJobs.create, and iam.serviceAccounts.actAs on the account that it runs as,';
    const answer = await call({ method: 'POST', path: jobs, query: { pipelineJobId: run.name }, body, needs, expects: isConflict });
    if (answer.kind === 'failed' && answer.code === 'ALREADY_EXISTS') return whoseIs(await read(run.name), key);
    bodyOf(answer, textOf(run.name));
    return 'applied';
  }

  /** @throws TargetChanged when it has ended, or the act whose undoing this is did not make it */
  async function takeBack(run: MadeRun, { key, dryRun }: ApplyOptions) {
    const job = await read(run.name);
    whoseIs(job, key.replace(/\/undo$/, ''));
    if (runOf(job).state !== 'running') throw new TargetChanged(`${textOf(run.name)} has ended, and is kept with what it says.`);
    const path = `${jobs}/${encodeURIComponent(run.name)}:cancel`;
    if (!dryRun)
      bodyOf(
        await call({ method: 'POST', path, body: {}, needs: 'aiplatform.pipelineJobs.cancel', expects: isConflict }),
        textOf(run.name),
      );
    return 'applied' as const;
  }

  return {
    is: 'pipeline',
    settings: 'PARAMEDIC_GOOGLE_PROJECT and PARAMEDIC_GOOGLE_LOCATION',
    namespace: 'vertex-ai',

    async observe({ name }): Promise<PipelineEvidence> {
      const [job, retries] = await Promise.all([read(name), retriesOf(name)]);
      const schedule = await readSchedule(job);
      const runs = [...retries, job].map(runOf).sort((a, b) => b.createdMs - a.createdMs);
      return {
        kind: 'VertexPipelineJob',
        uid: uidOf(job),
        generation: 1,
        name,
        readAtMs: Date.now(),
        controller: null,
        schedule,
        runs: runs.slice(0, RUNS_MAX),
        pods: [],
        memory: {},
        retriedBy: 'furtherRun',
      };
    },

    async retry({ name }, change, bound, options) {
      if (change.kind === 'sameRun') throw new Refused(`${textOf(name)} does not go on once it has failed; it can only be run anew.`);
      if (change.to !== null) return make(name, change.to, bound, options);
      return change.from === null ? 'alreadyApplied' : takeBack(change.from, options);
    },

    async pause({ name }, { from, to }, _bound, { dryRun, beforeWrite }) {
      const job = await read(name);
      const schedule = await readSchedule(job);
      if (!job.scheduleName || !schedule) throw new Refused(`${textOf(name)} is started by no schedule of Vertex AI that could be paused.`);
      const now = schedule.suspendedBy === null ? 'active' : 'suspended';
      if (now === to) return 'alreadyApplied';
      if (now !== from) throw new TargetChanged(`The schedule of ${name} is ${now}.`);
      await beforeWrite?.();
      const verb = to === 'suspended' ? 'pause' : 'resume';
      const needs = `aiplatform.schedules.${verb}`;
      if (!dryRun) await call({ method: 'POST', path: `${job.scheduleName}:${verb}`, body: {}, needs });
      return 'applied';
    },

    topmost: (name) => unlessGone(() => read(name).then(({ labels }) => ({ kind: 'VertexPipelineJob', name: labels[RETRY_OF] ?? name }))),

    async optOut({ name }) {
      return (await read(name)).labels[OPT_OUT] === 'off' ? `the label ${OPT_OUT}=off` : null;
    },
  };
}

/** @throws TargetChanged where another act, or somebody else, made it */
function whoseIs(job: PipelineJob, key: string): 'alreadyApplied' {
  if (job.labels[MADE_BY] === actId(key)) return 'alreadyApplied';
  throw new TargetChanged(`A pipeline job ${idOf(job)} is there already, made by somebody else.`);
}

function uidOf({ name, createTime }: PipelineJob): string {
  return `${name}#${createTime}`;
}
