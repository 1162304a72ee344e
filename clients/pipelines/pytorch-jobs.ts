import type { KubeConfig, V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import type { MadeRun } from '../../incident/change.ts';
import type { PipelineRun, RunPod, RunState } from '../../incident/pipeline.ts';
import type { PipelineClient } from '../cluster.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { RawObject } from '../kubernetes/guarded-patch.ts';
import type { NodeZones } from '../kubernetes/node-zones.ts';
import { memoryOfResources, Resources, resourcesWith } from './container-memory.ts';
import { hasCondition, runMaker } from './make-run.ts';
import { PYTORCH_JOBS } from './object-types.ts';
import { objectObserver } from './observe-objects.ts';
import { noSchedule, runAnew } from './run-anew.ts';
import { conditions, Metadata, marksOf, moment, runBegun, saidOf } from './run-object.ts';

const REPLICA_TYPE = 'training.kubeflow.org/replica-type';
/** The controller names no reason of its own for it, and says it in these words. */
const DEADLINE = /active longer than specified deadline/i;

const Container = z.looseObject({ name: z.string(), resources: Resources });
const Replica = z.looseObject({
  template: z.looseObject({ spec: z.looseObject({ containers: z.array(Container).default([]) }) }),
});
/** `Master` and `Worker`. */
const Replicas = z.record(z.string(), Replica);

const count = z.number().default(0);
const PyTorchJob = z.object({
  metadata: Metadata,
  spec: z.object({
    runPolicy: z.object({ suspend: z.boolean().default(false) }).default({ suspend: false }),
    pytorchReplicaSpecs: Replicas,
  }),
  status: z
    .object({
      conditions,
      replicaStatuses: z.record(z.string(), z.object({ active: count, succeeded: count, failed: count })).default({}),
      startTime: moment,
      completionTime: moment,
    })
    .default({ conditions: [], replicaStatuses: {}, startTime: null, completionTime: null }),
});
type PyTorchJob = z.infer<typeof PyTorchJob>;

/** PyTorchJobs of Kubeflow's Training Operator, each one run. */
export function pytorchJobs(config: KubeConfig, zones: NodeZones): PipelineClient {
  const setRun = runMaker(config, {
    kind: 'PyTorchJob',
    type: PYTORCH_JOBS,
    run: { kind: 'PyTorchJob', type: PYTORCH_JOBS },
    make: furtherTraining,
    hasEnded: (job) => hasCondition(job, 'Succeeded', 'Failed'),
  });
  return {
    observe: objectObserver(config, zones, {
      kind: 'PyTorchJob',
      type: PYTORCH_JOBS,
      retriedBy: 'furtherRun',
      readRun: (object) => trainingOf(pytorchJobOf(object)),
      podLabel: 'training.kubeflow.org/job-name',
      asPod: byReplica,
      memoryOf: (object) => memoryOf(pytorchJobOf(object)),
    }),
    retry: runAnew('PyTorchJob', setRun),
    pause: noSchedule('PyTorchJob'),
  };
}

export function pytorchJobOf(object: unknown): PyTorchJob {
  return readAnswer(PyTorchJob, object, 'A PyTorchJob');
}

export function trainingOf(job: PyTorchJob): PipelineRun {
  const { metadata, status } = job;
  const met = (type: string) => status.conditions.find((one) => one.type === type && one.status === 'True');
  const failed = met('Failed');
  const replicas = Object.values(status.replicaStatuses);
  const counted = (of: 'active' | 'succeeded' | 'failed') => replicas.reduce((sum, one) => sum + one[of], 0);
  return {
    ...runBegun(metadata),
    state: stateOf(job, failed !== undefined, met('Succeeded') !== undefined),
    reason: failed ? (DEADLINE.test(failed.message) ? 'DeadlineExceeded' : failed.reason || null) : null,
    message: failed ? saidOf(failed.message) : null,
    active: counted('active'),
    succeeded: counted('succeeded'),
    failed: counted('failed'),
    startedMs: status.startTime,
    endedMs: status.completionTime ?? failed?.lastTransitionTime ?? null,
    memory: memoryOf(job),
  };
}

function stateOf({ spec }: PyTorchJob, hasFailed: boolean, hasSucceeded: boolean): RunState {
  if (hasFailed) return 'failed';
  if (hasSucceeded) return 'completed';
  return spec.runPolicy.suspend ? 'suspended' : 'running';
}

/** The container of Master and of Worker bears one name, so that it is called by what it is part of as well: `worker/pytorch`. */
function containerName(replicaType: string, container: string): string {
  return `${replicaType.toLowerCase()}/${container}`;
}

function memoryOf({ spec }: PyTorchJob): PipelineRun['memory'] {
  return Object.fromEntries(
    Object.entries(spec.pytorchReplicaSpecs).flatMap(([type, { template }]) =>
      template.spec.containers.map(({ name, resources }) => [containerName(type, name), memoryOfResources(resources)]),
    ),
  );
}

function byReplica({ metadata }: V1Pod, pod: RunPod): RunPod {
  const type = metadata?.labels?.[REPLICA_TYPE] ?? '';
  return { ...pod, containers: pod.containers.map((one) => ({ ...one, name: containerName(type, one.name) })) };
}

/** The same training under another name, so that it goes on from its checkpoint: an edited template is not taken up by the controller. */
export function furtherTraining(source: RawObject, { name, memory }: MadeRun, key: string) {
  const { runPolicy, pytorchReplicaSpecs, ...spec } = source.spec;
  const { suspend: _suspend, ...policy } = (runPolicy ?? {}) as { readonly suspend?: boolean };
  const replicas = readAnswer(Replicas, pytorchReplicaSpecs, `The replicas of PyTorchJob ${source.metadata.name}`);
  const resized = Object.entries(replicas).map(([type, replica]) => {
    const containers = replica.template.spec.containers.map((one) => {
      const resources = resourcesWith(one.resources, memory[containerName(type, one.name)]);
      return resources ? { ...one, resources } : one;
    });
    return [type, { ...replica, template: { ...replica.template, spec: { ...replica.template.spec, containers } } }];
  });
  return {
    apiVersion: 'kubeflow.org/v1',
    kind: 'PyTorchJob',
    metadata: { name, ...marksOf(source, key) },
    spec: { ...spec, runPolicy: policy, pytorchReplicaSpecs: Object.fromEntries(resized) },
  };
}
