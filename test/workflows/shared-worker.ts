import { activityInfo } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundlePath } from '@temporalio/worker';
import { createWorker, type WorkerParts } from '../../worker/run-worker.ts';
import { taskQueueOf } from '../../worker/settings.ts';

/** What an incident meets of the world. */
type World = Pick<WorkerParts, 'kubernetes' | 'registries' | 'channels'>;

/** A worker for many incidents, since one takes a second to come, each in a world of its own. */
export interface SharedWorker {
  readonly taskQueue: string;
  /** What is done from now on for an incident, or for the permit office and the common causes of its cluster, is done in this world. */
  enter(workflowId: string, cluster: string, world: World): void;
  stop(): Promise<void>;
}

export async function openSharedWorker(environment: TestWorkflowEnvironment, workflowBundle: WorkflowBundlePath): Promise<SharedWorker> {
  const worlds = new Map<string, World>();
  const here = (): World => {
    const { workflowId = '' } = activityInfo().workflowExecution ?? {};
    const world = worlds.get(workflowId) ?? worlds.get(workflowId.split('/')[1] ?? '');
    if (!world) throw new Error(`No test has given ${workflowId} a world.`);
    return world;
  };
  const taskQueue = taskQueueOf('test');
  const worker = await createWorker({
    connection: environment.nativeConnection,
    namespace: environment.client.options.namespace,
    taskQueue,
    kubernetes: wherever(() => here().kubernetes),
    registries: wherever(() => here().registries),
    channels: wherever(() => here().channels),
    workflowBundle,
  });
  const ended = worker.run();
  return {
    taskQueue,
    enter(workflowId, cluster, world) {
      worlds.set(workflowId, world).set(cluster, world);
    },
    async stop() {
      worker.shutdown();
      await ended;
    },
  };
}

/** Stands for whatever is there when it is used. */
function wherever<T extends object>(there: () => T): T {
  return new Proxy({} as T, {
    get(_nothing, name) {
      const thing = there();
      const value = Reflect.get(thing, name);
      return typeof value === 'function' ? value.bind(thing) : value;
    },
  });
}
