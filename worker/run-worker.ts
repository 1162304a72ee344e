import { type NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { healingActivities } from '../activities/healing.ts';
import { type Channels, tellingActivities } from '../activities/telling.ts';
import type { Workloads } from '../clients/kubernetes/workloads.ts';
import { taskQueueOf } from './settings.ts';

/** What a worker is made of; tests put doubles of `workloads` here. */
export interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly cluster: string;
  readonly workloads: Workloads;
  readonly channels: Channels;
  readonly workflowBundle: WorkflowBundle;
}

/** A worker for one cluster: its incidents' workflows and the activities that act there. */
export function createWorker(parts: WorkerParts): Promise<Worker> {
  return Worker.create({
    connection: parts.connection,
    namespace: parts.namespace,
    taskQueue: taskQueueOf(parts.cluster),
    workflowBundle: parts.workflowBundle,
    activities: { ...healingActivities(parts.workloads), ...tellingActivities(parts.channels, parts.workloads) },
    shutdownGraceTime: '10s',
    shutdownForceTime: '20s',
  });
}
