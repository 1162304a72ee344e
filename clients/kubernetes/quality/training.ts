import { createHash } from 'node:crypto';
import type { BatchV1Api, ConfigurationOptions, V1Job } from '@kubernetes/client-node';
import type { Change } from '../../../incident/change.ts';
import type { TrainingJob } from '../../../incident/quality.ts';
import type { Verdict } from '../../../incident/verdict.ts';
import { type ApplyOptions, TargetChanged } from '../../cluster.ts';
import { asClusterFailure, orNull } from '../api-failures.ts';

type Training = Extract<Change, { readonly kind: 'training' }>;

const FIELD_MANAGER = 'paramedic';
const STARTED_FOR = 'paramedic.dev/last-action';
/** As `kubectl create job --from` marks it: made by hand, and not by the schedule. */
const BY_HAND = { 'cronjob.kubernetes.io/instantiate': 'manual' };
const NAME_CHARACTERS_MAX = 50;

/** @throws a sentence when there is no such CronJob. */
export async function readTraining(
  batch: BatchV1Api,
  namespace: string,
  name: string,
  options?: ConfigurationOptions,
): Promise<TrainingJob> {
  const found = await asClusterFailure(`CronJob ${namespace}/${name}`, () => batch.readNamespacedCronJob({ namespace, name }, options));
  return { name, uid: found.metadata?.uid ?? '', isRunning: (found.status?.active ?? []).length > 0 };
}

/**
 * Makes a Job of exactly this CronJob's template. Its name is made of the key, so that there is one however often it is asked for.
 * @throws TargetChanged when the CronJob is another one
 */
export async function startTraining(
  batch: BatchV1Api,
  namespace: string,
  { cronJob, uid }: Training,
  { key, dryRun, beforeWrite }: ApplyOptions,
): Promise<'applied' | 'alreadyApplied'> {
  const text = `CronJob ${namespace}/${cronJob}`;
  return asClusterFailure(text, async () => {
    const { metadata, spec } = await batch.readNamespacedCronJob({ namespace, name: cronJob });
    if (metadata?.uid !== uid) throw new TargetChanged(`${text} was deleted and made anew since it was looked at.`);
    const name = nameFor(cronJob, key);
    if ((await orNull(() => batch.readNamespacedJob({ namespace, name }))) !== null) return 'alreadyApplied';
    const template = spec!.jobTemplate;
    const body: V1Job = {
      metadata: {
        ...{ name, namespace, labels: template.metadata?.labels ?? {} },
        annotations: { ...template.metadata?.annotations, ...BY_HAND, [STARTED_FOR]: key },
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: cronJob, uid, controller: true }],
      },
      spec: template.spec!,
    };
    await beforeWrite?.();
    await batch.createNamespacedJob({ namespace, body, fieldManager: FIELD_MANAGER, ...(dryRun ? { dryRun: 'All' } : {}) });
    return 'applied';
  });
}

/** Whether the Job that was made for the key runs, or has completed. */
export async function trainingSeen(batch: BatchV1Api, namespace: string, { cronJob }: Training, key: string): Promise<Verdict> {
  const name = nameFor(cronJob, key);
  const job = await orNull(() => batch.readNamespacedJob({ namespace, name }));
  if (job === null) return { kind: 'notRecovered', seen: `there is no Job ${name}` };
  const failed = job.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
  if (failed) return { kind: 'notRecovered', seen: `Job ${name} failed${failed.reason ? ` (${failed.reason})` : ''}` };
  const { active = 0, succeeded = 0 } = job.status ?? {};
  if (active + succeeded > 0) return { kind: 'recovered', seen: `Job ${name} ${succeeded > 0 ? 'has completed' : 'runs'}` };
  return { kind: 'notRecovered', seen: `Job ${name} has not begun` };
}

function nameFor(cronJob: string, key: string): string {
  return `${cronJob.slice(0, NAME_CHARACTERS_MAX)}-${createHash('sha256').update(key).digest('hex').slice(0, 10)}`;
}
