import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type WorkflowBundle, type WorkflowBundlePath } from '@temporalio/worker';
import { registerSearchAttributes } from '../worker/register-attributes.ts';
import { createSharedWorker } from '../worker/run-worker.ts';
import { taskQueueOf } from '../worker/settings.ts';
import { openWorlds, type Worlds } from './worlds.ts';

/** Where incidents are played: one Temporal and one worker for all of them. */
export interface Stage {
  readonly client: Client;
  readonly worlds: Worlds;
  leave(): Promise<void>;
}

/** @param address of a Temporal server that nothing else is done in */
export async function openStage(
  address: string,
  workflowBundle: WorkflowBundle | WorkflowBundlePath,
  namespace = 'default',
): Promise<Stage> {
  const connection = await Connection.connect({ address });
  await registerSearchAttributes(connection, namespace);
  const native = await NativeConnection.connect({ address });
  const common = { connection: native, namespace, workflowBundle };
  const channels = { escalationWebhooks: [], writeAudit: () => '', log: () => undefined };
  const offices = await createSharedWorker({ ...common, channels });
  const ended = offices.run();
  const worlds = await openWorlds({ ...common, taskQueue: taskQueueOf('rehearsal') });
  return {
    client: new Client({ connection, namespace }),
    worlds,
    async leave() {
      await worlds.stop();
      offices.shutdown();
      await ended;
      await native.close();
      await connection.close();
    },
  };
}
