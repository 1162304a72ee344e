import { BatchV1Api, CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { PipelineEvidence } from '../../../incident/pipeline.ts';
import type { PipelineClient } from '../../cluster.ts';
import type { NodeZones } from '../node-zones.ts';
import { isTargetKind } from '../owners.ts';
import { jobPod, jobRun, memoryOf, scheduleOf } from './job-seen.ts';
import { withLastWords } from './last-log.ts';
import { type RunsRead, readCronJob, readJob } from './read-runs.ts';

const RUNS_MAX = 10;
const PODS_MAX = 20;

/** Sees Jobs with their retries. */
export function jobObserver(config: KubeConfig, zones: NodeZones): PipelineClient['observe'] {
  const batch = config.makeApiClient(BatchV1Api);
  const core = config.makeApiClient(CoreV1Api);
  return async ({ namespace, name }): Promise<PipelineEvidence> => {
    const [read, known] = await Promise.all([readJob(batch, core, namespace, name), zones()]);
    const { metadata, spec } = read.source;
    const controller = metadata?.ownerReferences?.find((owner) => owner.controller && !isTargetKind(owner.kind));
    return {
      kind: 'Job',
      retriedBy: 'furtherRun',
      schedule: null,
      controller: controller ? `${controller.kind}/${controller.name}` : null,
      memory: memoryOf(spec?.template.spec),
      ...(await seen(core, read, known)),
    };
  };
}

/** Sees CronJobs with their last runs. */
export function cronJobObserver(config: KubeConfig, zones: NodeZones): PipelineClient['observe'] {
  const batch = config.makeApiClient(BatchV1Api);
  const core = config.makeApiClient(CoreV1Api);
  return async ({ namespace, name }): Promise<PipelineEvidence> => {
    const [read, known] = await Promise.all([readCronJob(batch, core, namespace, name), zones()]);
    return {
      kind: 'CronJob',
      retriedBy: 'furtherRun',
      schedule: scheduleOf(read.source),
      controller: null,
      memory: memoryOf(read.source.spec?.jobTemplate.spec?.template.spec),
      ...(await seen(core, read, known)),
    };
  };
}

async function seen(core: CoreV1Api, { source: { metadata }, jobs, pods }: RunsRead, zones: ReadonlyMap<string, string>) {
  const shown = pods.slice(0, PODS_MAX).map((pod) => jobPod(pod, zones));
  const runs = jobs.slice(0, RUNS_MAX).map(jobRun);
  const { name = '', uid = '', generation = 0 } = metadata ?? {};
  const isFailed = runs[0]?.state === 'failed';
  return { name, uid, generation, readAtMs: Date.now(), runs, pods: isFailed ? await withLastWords(core, shown, pods) : shown };
}
