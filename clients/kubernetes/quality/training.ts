import { createHash } from 'node:crypto';
import type { BatchV1Api, ConfigurationOptions } from '@kubernetes/client-node';
import type { Change } from '../../../incident/change.ts';
import type { TrainingJob } from '../../../incident/quality.ts';
import type { Verdict } from '../../../incident/verdict.ts';
import { asClusterFailure, orNull } from '../api-failures.ts';

type Training = Extract<Change, { readonly kind: 'training' }>;

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

/** The run that is the training. Its name is made of the key, so that there is one however often it is asked for. */
export function trainingRun({ cronJob, uid }: Training, key: string) {
  const made = { name: nameFor(cronJob, key), memory: {} };
  return {
    of: { kind: 'CronJob', name: cronJob },
    change: { kind: 'furtherRun', from: null, to: made },
    bound: { uid, generation: null },
  } as const;
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
