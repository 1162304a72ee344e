import type { V1CronJob, V1Job } from '@kubernetes/client-node';
import type { UpstreamFault } from '../../../incident/quality.ts';
import { redact } from '../../../incident/redact.ts';

const LATELY_MS = 72 * 3_600_000;
const FAULTS_MAX = 20;
const REASON_CHARACTERS_MAX = 100;

/** Jobs and CronJobs that did not do lately what they are there for, the latest first. A later run that completed mends an earlier one. */
export function upstreamFaults(jobs: readonly V1Job[], cronJobs: readonly V1CronJob[], nowMs: number): readonly UpstreamFault[] {
  const all = [...jobs.flatMap((job) => failureOf(job, jobs)), ...cronJobs.flatMap(pauseOf)];
  return all
    .filter(({ atMs }) => atMs === null || nowMs - atMs <= LATELY_MS)
    .sort((a, b) => (b.atMs ?? 0) - (a.atMs ?? 0))
    .slice(0, FAULTS_MAX);
}

function failureOf(job: V1Job, jobs: readonly V1Job[]): UpstreamFault[] {
  const failed = job.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
  const atMs = failed?.lastTransitionTime?.getTime() ?? null;
  if (!failed || jobs.some((other) => nameOf(other) === nameOf(job) && completedMs(other) > (atMs ?? Infinity))) return [];
  const why = failed.reason ? ` (${redact(failed.reason, REASON_CHARACTERS_MAX)})` : '';
  return [{ what: nameOf(job), fault: `failed${why}`, atMs }];
}

/** Suspended since its last run, which it may be for good reasons; that it does not run is what counts. */
function pauseOf({ metadata, spec, status }: V1CronJob): UpstreamFault[] {
  if (!spec?.suspend) return [];
  return [
    { what: `CronJob/${metadata?.name}`, fault: 'is suspended since it last ran', atMs: status?.lastScheduleTime?.getTime() ?? null },
  ];
}

/** The CronJob that made it, if one did: its name stays, the Job's does not. */
function nameOf({ metadata }: V1Job): string {
  const owner = metadata?.ownerReferences?.find(({ kind, controller }) => kind === 'CronJob' && controller);
  return owner ? `CronJob/${owner.name}` : `Job/${metadata?.name}`;
}

function completedMs({ status }: V1Job): number {
  return status?.conditions?.some(({ type, status: is }) => type === 'Complete' && is === 'True')
    ? (status.completionTime?.getTime() ?? 0)
    : 0;
}
