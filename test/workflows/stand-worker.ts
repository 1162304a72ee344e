import { NativeConnection } from '@temporalio/worker';
import type { Cluster } from '../../clients/cluster.ts';
import { createWorker } from '../../worker/run-worker.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { evidence } from '../evidence.ts';
import { only, scriptedCluster, scriptedRegistry } from '../scripted-cluster.ts';
import type { Stage } from './incident-run.ts';

/** A worker for a cluster of this name, at work until it is told to stop. */
export interface Standing {
  stop(): Promise<void>;
}

export async function standWorker(
  { environment, workflowBundle }: Stage,
  cluster: string,
  kubernetes: Cluster = scriptedCluster([evidence({})]),
): Promise<Standing> {
  // One of its own: over one connection, a task queue has one worker.
  const connection = await NativeConnection.connect({ address: environment.address });
  const worker = await createWorker({
    connection,
    namespace: environment.client.options.namespace,
    taskQueue: taskQueueOf(cluster),
    kubernetes,
    registries: only(scriptedRegistry()),
    channels: { escalationWebhooks: [], writeAudit: () => '', log: () => undefined },
    workflowBundle,
  });
  const ended = worker.run();
  return {
    async stop() {
      worker.shutdown();
      await ended;
      await connection.close();
    },
  };
}
