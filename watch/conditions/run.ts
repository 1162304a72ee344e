import { z } from 'zod';
import { RETRY_OF_UID } from '../../clients/kubernetes/jobs/job-marks.ts';
import type { ConditionName, Symptom } from '../symptom.ts';
import { type Conditions, common, conditions, controllerOf, type Metadata, met, moment, said } from './object.ts';

/** A run that failed longer ago is the past: it is not acted on any more. */
const ACTED_ON_FOR_MS = 3_600_000;

const Job = z.object({ ...common, status: z.object({ conditions }).nullish() });
const Workflow = z.object({
  ...common,
  spec: z.object({ shutdown: z.string().nullish() }),
  status: z.object({ phase: z.string().default(''), message: z.string().default(''), finishedAt: moment }).nullish(),
});

/** What began after a run that failed and does the same: the failed one's word counts no more. */
const Sibling = z.object({ ...common });

/** A Job of another controller than a schedule is a part of that one's run, which says itself how it ended. */
export function jobSymptoms(object: unknown, nowMs: number): Symptom[] {
  const { metadata, status } = Job.parse(object);
  const controller = controllerOf(metadata);
  if (controller && controller.kind !== 'CronJob') return [];
  const beside = controller ? { beside: { cronjob: controller.name } } : {};
  return failedRun('KubeJobFailed', 'job_name', metadata, status?.conditions ?? [], nowMs).map((one) => ({ ...one, ...beside }));
}

export function trainJobSymptoms(object: unknown, nowMs: number): Symptom[] {
  const { metadata, status } = Job.parse(object);
  return failedRun('TrainJobFailed', 'trainjob', metadata, status?.conditions ?? [], nowMs);
}

export function pytorchJobSymptoms(object: unknown, nowMs: number): Symptom[] {
  const { metadata, status } = Job.parse(object);
  return failedRun('PyTorchJobFailed', 'pytorchjob', metadata, status?.conditions ?? [], nowMs);
}

/** One that a person stopped or terminated fails by that, and is not ill. */
export function workflowSymptoms(object: unknown, nowMs: number): Symptom[] {
  const { metadata, spec, status } = Workflow.parse(object);
  if (!status || (status.phase !== 'Failed' && status.phase !== 'Error') || spec.shutdown || metadata.deletionTimestamp !== null) return [];
  const says = said(`The Workflow ended as ${status.phase}`, status.message);
  return [ofRun('ArgoWorkflowFailed', 'workflow_name', metadata, says, status.finishedAt, nowMs)];
}

function failedRun(condition: ConditionName, label: string, metadata: Metadata, list: Conditions, nowMs: number): Symptom[] {
  const failed = met(list, 'Failed', 'True');
  if (!failed || metadata.deletionTimestamp !== null) return [];
  return [ofRun(condition, label, metadata, said('It failed', failed.reason, failed.message), failed.lastTransitionTime, nowMs)];
}

function ofRun(condition: ConditionName, label: string, metadata: Metadata, says: string, endedMs: number | null, nowMs: number): Symptom {
  const sinceMs = endedMs ?? metadata.creationTimestamp;
  const isPast = sinceMs === null || nowMs - sinceMs > ACTED_ON_FOR_MS;
  return { condition, labels: { namespace: metadata.namespace, [label]: metadata.name }, says, sinceMs, ...(isPast ? { isPast } : {}) };
}

/** Whether another run of the same schedule, or a retry of this one, has begun after it. */
export function isFollowed(object: unknown, others: readonly unknown[]): boolean {
  const { metadata } = Sibling.parse(object);
  const controller = controllerOf(metadata);
  const began = metadata.creationTimestamp ?? 0;
  return others
    .map((other) => Sibling.parse(other).metadata)
    .some((other) => {
      const isRetry = other.labels[RETRY_OF_UID] === metadata.uid;
      const isOfSame = controller !== undefined && controllerOf(other)?.uid === controller.uid;
      return other.uid !== metadata.uid && (isRetry || (isOfSame && (other.creationTimestamp ?? 0) > began));
    });
}
