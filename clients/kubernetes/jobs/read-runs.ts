import type { BatchV1Api, CoreV1Api, V1CronJob, V1Job, V1Pod } from '@kubernetes/client-node';
import { asClusterFailure } from '../api-failures.ts';
import { RETRY_OF_UID } from './job-marks.ts';

const PODS_MAX = 200;

/** A Job with the retries made of it, or a CronJob with its Jobs. */
export interface RunsRead {
  readonly source: V1Job | V1CronJob;
  /** Newest first. */
  readonly jobs: readonly V1Job[];
  /** Of the newest run, newest first. */
  readonly pods: readonly V1Pod[];
}

/** @throws TargetGone when it does not exist. */
export async function readJob(batch: BatchV1Api, core: CoreV1Api, namespace: string, name: string): Promise<RunsRead & { source: V1Job }> {
  const source = await asClusterFailure(`Job ${namespace}/${name}`, () => batch.readNamespacedJob({ namespace, name }));
  const labelSelector = `${RETRY_OF_UID}=${source.metadata?.uid}`;
  const { items } = await batch.listNamespacedJob({ namespace, labelSelector });
  return { source, ...(await withPods(core, namespace, [source, ...items])) };
}

/** @throws TargetGone when it does not exist. */
export async function readCronJob(
  batch: BatchV1Api,
  core: CoreV1Api,
  namespace: string,
  name: string,
): Promise<RunsRead & { source: V1CronJob }> {
  const source = await asClusterFailure(`CronJob ${namespace}/${name}`, () => batch.readNamespacedCronJob({ namespace, name }));
  const { items } = await batch.listNamespacedJob({ namespace });
  const owned = items.filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === source.metadata?.uid));
  return { source, ...(await withPods(core, namespace, owned)) };
}

async function withPods(core: CoreV1Api, namespace: string, all: readonly V1Job[]): Promise<Pick<RunsRead, 'jobs' | 'pods'>> {
  const jobs = all.filter(({ metadata }) => !metadata?.deletionTimestamp).toSorted(newestFirst);
  const [newest] = jobs;
  if (!newest) return { jobs, pods: [] };
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: selectorOf(newest), limit: PODS_MAX });
  const own = items.filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === newest.metadata?.uid));
  return { jobs, pods: own.toSorted(newestFirst) };
}

/** @throws when the Job selects by no label: an empty selection must never mean "all". */
function selectorOf({ metadata, spec }: V1Job): string {
  const labels = Object.entries(spec?.selector?.matchLabels ?? {});
  if (labels.length === 0) throw new Error(`Cannot list pods of Job ${metadata?.name}: its selector has no matchLabels.`);
  return labels.map(([label, value]) => `${label}=${value}`).join(',');
}

/** Of two made in one second, the one whose name says that it came later. */
function newestFirst(a: V1Job | V1Pod, b: V1Job | V1Pod): number {
  const ms = (one: V1Job | V1Pod) => new Date(one.metadata?.creationTimestamp ?? 0).getTime();
  return ms(b) - ms(a) || (b.metadata?.name ?? '').localeCompare(a.metadata?.name ?? '', 'en', { numeric: true });
}
