import type { KubeConfig } from '@kubernetes/client-node';
import { GracefulShutdownPeriodExpiredError } from '@temporalio/worker';
import type pino from 'pino';
import type { Check } from '../../worker/health.ts';
import { openWorker } from '../../worker/services.ts';
import type { Settings } from '../../worker/settings.ts';
import { connectWorkerToTemporal } from '../../worker/temporal.ts';

/** A worker at work. */
export interface WorkerPart {
  readonly isRunning: Check;
  /** Rejects when the worker fails while it runs; otherwise it never settles. */
  readonly failed: Promise<never>;
  /** Lets activities and workflow tasks end, within the worker's own bounds. */
  stop(): Promise<void>;
}

export async function startWorker(settings: Settings, cluster: KubeConfig, log: pino.Logger): Promise<WorkerPart> {
  const connection = await connectWorkerToTemporal(settings);
  const worker = await openWorker(settings, cluster, connection, log);
  let failure: unknown = null;
  let fail: (reason: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  const ended = worker.run().catch((error) => {
    failure = error;
    fail(new Error(`The worker failed: ${error instanceof Error ? error.message : error}`, { cause: error }));
  });
  return {
    isRunning: async () => (worker.getState() === 'RUNNING' ? null : `the worker is ${worker.getState().toLowerCase()}`),
    failed,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
      // What was given up is tried again by the next worker: the activity times out, and Temporal has kept everything.
      if (failure instanceof GracefulShutdownPeriodExpiredError) log.warn('Some activities did not end in time and were given up.');
      await connection.close().catch((error) => log.warn({ error: String(error) }, 'The connection to Temporal did not close.'));
    },
  };
}
