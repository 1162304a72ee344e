import { CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import type { MadeRun } from '../../incident/change.ts';
import type { PipelineRun, RunState } from '../../incident/pipeline.ts';
import type { PipelineClient } from '../cluster.ts';
import { readAnswer } from '../http/read-answer.ts';
import { orNull } from '../kubernetes/api-failures.ts';
import type { RawObject } from '../kubernetes/guarded-patch.ts';
import type { NodeZones } from '../kubernetes/node-zones.ts';
import { memoryOfResources, Resources, resourcesWith } from './container-memory.ts';
import { hasCondition, runMaker } from './make-run.ts';
import { JOB_SETS, TRAIN_JOBS } from './object-types.ts';
import { objectObserver } from './observe-objects.ts';
import { noSchedule, runAnew } from './run-anew.ts';
import { conditions, Metadata, marksOf, runBegun, saidOf } from './run-object.ts';

/** The container that trains, in every runtime of Kubeflow's Trainer. */
const NODE = 'node';

const TrainJob = z.object({
  metadata: Metadata,
  spec: z.object({
    suspend: z.boolean().default(false),
    trainer: z.object({ resourcesPerNode: Resources }).optional(),
  }),
  status: z
    .object({
      conditions,
      jobsStatus: z
        .array(z.object({ active: z.number().default(0), succeeded: z.number().default(0), failed: z.number().default(0) }))
        .default([]),
    })
    .default({ conditions: [], jobsStatus: [] }),
});
type TrainJob = z.infer<typeof TrainJob>;

const JobSet = z.object({ status: z.object({ restarts: z.number().default(0) }).default({ restarts: 0 }) });

/** TrainJobs of Kubeflow's Trainer, each one run. */
export function trainJobs(config: KubeConfig, zones: NodeZones): PipelineClient {
  const objects = config.makeApiClient(CustomObjectsApi);
  const setRun = runMaker(config, {
    kind: 'TrainJob',
    type: TRAIN_JOBS,
    run: { kind: 'TrainJob', type: TRAIN_JOBS },
    make: furtherTraining,
    hasEnded: (job) => hasCondition(job, 'Complete', 'Failed'),
  });
  return {
    observe: objectObserver(config, zones, {
      kind: 'TrainJob',
      type: TRAIN_JOBS,
      retriedBy: 'furtherRun',
      readRun: (object) => trainingOf(trainJobOf(object)),
      podLabel: 'jobset.sigs.k8s.io/jobset-name',
      memoryOf: (object) => memoryOf(trainJobOf(object)),
      // The JobSet that it is made into starts its pods anew by itself, and counts how often.
      async completed(namespace, run) {
        const jobSet = await orNull(() => objects.getNamespacedCustomObject({ ...JOB_SETS, namespace, name: run.name }));
        if (jobSet === null) return run;
        return { ...run, tries: readAnswer(JobSet, jobSet, `JobSet ${namespace}/${run.name}`).status.restarts + 1 };
      },
    }),
    retry: runAnew('TrainJob', setRun),
    pause: noSchedule('TrainJob'),
  };
}

export function trainJobOf(object: unknown): TrainJob {
  return readAnswer(TrainJob, object, 'A TrainJob');
}

export function trainingOf(job: TrainJob): PipelineRun {
  const { metadata, status } = job;
  const met = (type: string) => status.conditions.find((one) => one.type === type && one.status === 'True');
  const ended = met('Failed') ?? met('Complete');
  const count = (of: 'active' | 'succeeded' | 'failed') => status.jobsStatus.reduce((sum, one) => sum + one[of], 0);
  return {
    ...runBegun(metadata),
    state: stateOf(job, ended?.type),
    reason: ended?.type === 'Failed' ? ended.reason || null : null,
    message: ended?.type === 'Failed' ? saidOf(ended.message) : null,
    active: count('active'),
    succeeded: count('succeeded'),
    failed: count('failed'),
    startedMs: metadata.creationTimestamp,
    endedMs: ended?.lastTransitionTime ?? null,
    memory: memoryOf(job),
  };
}

function stateOf({ spec }: TrainJob, ended: string | undefined): RunState {
  if (ended === 'Failed') return 'failed';
  if (ended === 'Complete') return 'completed';
  return spec.suspend ? 'suspended' : 'running';
}

/** As far as it says so itself: what its runtime gives is that of all who use it. */
function memoryOf({ spec }: TrainJob): PipelineRun['memory'] {
  const resources = spec.trainer?.resourcesPerNode;
  return resources ? { [NODE]: memoryOfResources(resources) } : {};
}

/** The same training under another name, so that it goes on from its checkpoint, wherever it keeps that; nothing of it can be changed. */
export function furtherTraining(source: RawObject, run: MadeRun, key: string) {
  const { suspend: _suspend, trainer, ...spec } = source.spec;
  const { resourcesPerNode, ...rest } = (trainer ?? {}) as { readonly resourcesPerNode?: z.infer<typeof Resources> };
  const resources = resourcesWith(resourcesPerNode, run.memory[NODE]);
  return {
    apiVersion: 'trainer.kubeflow.org/v1alpha1',
    kind: 'TrainJob',
    metadata: { name: run.name, ...marksOf(source, key) },
    spec: {
      ...spec,
      ...(trainer ? { trainer: { ...rest, ...(resources ? { resourcesPerNode: resources } : {}) } } : {}),
    },
  };
}
