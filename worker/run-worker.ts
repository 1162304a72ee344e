import { type NativeConnection, Worker, type WorkflowBundle, type WorkflowBundlePath } from '@temporalio/worker';
import { confirmingActivities } from '../activities/confirming.ts';
import { healingActivities } from '../activities/healing.ts';
import { surveyingActivities } from '../activities/surveying.ts';
import { type Channels, tellingActivities } from '../activities/telling.ts';
import type { Cluster } from '../clients/cluster.ts';
import type { ModelRegistry } from '../clients/registries/model-registry.ts';

/** What a worker is made of; tests put doubles of what is outside here. */
export interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly kubernetes: Cluster;
  /** Null: no registry is configured, and no model can be rolled back. */
  readonly registry: ModelRegistry | null;
  readonly channels: Channels;
  readonly workflowBundle: WorkflowBundle | WorkflowBundlePath;
}

/** A worker for one cluster: its incidents' workflows and the activities that act there. */
export function createWorker(parts: WorkerParts): Promise<Worker> {
  return Worker.create({
    connection: parts.connection,
    namespace: parts.namespace,
    taskQueue: parts.taskQueue,
    workflowBundle: parts.workflowBundle,
    activities: {
      ...healingActivities(parts.kubernetes),
      ...surveyingActivities(parts.kubernetes),
      ...confirmingActivities(parts.registry),
      ...tellingActivities(parts.channels, parts.kubernetes),
    },
    // A person who cancels an incident is not kept waiting for a look that lasts.
    maxHeartbeatThrottleInterval: '3s',
    shutdownGraceTime: '10s',
    shutdownForceTime: '20s',
  });
}
