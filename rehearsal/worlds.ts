import { activityInfo } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { createWorker, type WorkerParts } from '../worker/run-worker.ts';

/** What answers in place of an activity, or lets the activity itself answer by `next`. */
export type Cue = (activity: string, args: readonly unknown[], next: () => Promise<unknown>) => Promise<unknown>;

/** What an incident meets of the world. */
interface World extends Pick<WorkerParts, 'kubernetes' | 'registries' | 'channels'> {
  /** Absent: every activity answers itself. */
  readonly cue?: Cue;
}

/** A worker for many incidents, since one takes a second to come, each in a world of its own. */
export interface Worlds {
  readonly taskQueue: string;
  /** What is done from now on for an incident, or for the permit office and the common causes of its cluster, is done in this world. */
  enter(workflowId: string, cluster: string, world: World): void;
  stop(): Promise<void>;
}

export async function openWorlds(parts: Pick<WorkerParts, 'connection' | 'namespace' | 'taskQueue' | 'workflowBundle'>): Promise<Worlds> {
  const worlds = new Map<string, World>();
  const here = (): World => {
    const { workflowId = '' } = activityInfo().workflowExecution ?? {};
    const world = worlds.get(workflowId) ?? worlds.get(workflowId.split('/')[1] ?? '');
    if (!world) throw new Error(`Nobody has given ${workflowId} a world.`);
    return world;
  };
  const prompt: ActivityInterceptorsFactory = ({ info }) => ({
    inbound: {
      execute(input, next) {
        const { cue } = here();
        return cue ? cue(info.activityType, input.args, () => next(input)) : next(input);
      },
    },
  });
  const worker = await createWorker({
    ...parts,
    kubernetes: wherever(() => here().kubernetes),
    registries: wherever(() => here().registries),
    // Taken before any world is entered.
    channels: wherever(() => here().channels, { log: (message, fields) => here().channels.log(message, fields) }),
    interceptors: [prompt],
  });
  const ended = worker.run();
  return {
    taskQueue: parts.taskQueue,
    enter(workflowId, cluster, world) {
      worlds.set(workflowId, world).set(cluster, world);
    },
    async stop() {
      worker.shutdown();
      await ended;
    },
  };
}

/** Stands for whatever is there when it is used. @param always what is the same wherever that is */
function wherever<T extends object>(there: () => T, always: Partial<T> = {}): T {
  return new Proxy(always as T, {
    get(own, name) {
      if (Object.hasOwn(own, name)) return Reflect.get(own, name);
      const thing = there();
      const value = Reflect.get(thing, name);
      return typeof value === 'function' ? value.bind(thing) : value;
    },
  });
}
