import type { KubeConfig } from '@kubernetes/client-node';
import type pino from 'pino';
import { type Intake, takeAlert } from '../../gateway/intake.ts';
import type { Alert } from '../../incident/alert.ts';
import type { Check } from '../../worker/health.ts';
import type { WorkerFigures } from '../../worker/metrics.ts';
import { openModelWatch } from '../../worker/model-records.ts';
import { openClient, openOffices } from '../../worker/open-client.ts';
import { openWorkers, type ToldPeople } from '../../worker/services.ts';
import type { Settings } from '../../worker/settings.ts';
import { connectWorkerToTemporal } from '../../worker/worker-connection.ts';

/** A worker at work. */
export interface WorkerPart {
  readonly isRunning: Check;
  /** Rejects when the worker fails while it runs; otherwise it never settles. */
  readonly failed: Promise<never>;
  /** Lets activities and workflow tasks end, within the worker's own bounds. */
  stop(): Promise<void>;
}

export async function startWorker(
  settings: Settings,
  cluster: KubeConfig,
  log: pino.Logger,
  figures: WorkerFigures,
  people: ToldPeople,
  intake: Intake,
): Promise<WorkerPart> {
  const connection = await connectWorkerToTemporal(settings);
  const workers = await openWorkers(settings, cluster, connection, log, figures, people, {
    runbooks: intake.runbooks,
    take: (alert) => taken(alert, intake),
  });
  let isStopping = false;
  let fail: (reason: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  const ended = workers.map((worker) =>
    worker.run().catch((error) => {
      // What was given up is tried again by the next worker: the activity times out, and Temporal has kept everything.
      if (isStopping) log.warn({ error: String(error) }, 'Some activities did not end in time and were given up.');
      else fail(new Error(`The worker failed: ${error instanceof Error ? error.message : error}`, { cause: error }));
    }),
  );
  // So that they are there to be looked at and to take a freeze; an incident that finds none opens it.
  const offices = openOffices(settings, connection);
  Promise.all([offices.open(settings.PARAMEDIC_CLUSTER, false), offices.open(null, false)]).catch((error) =>
    log.warn({ error: String(error) }, 'The permit offices could not be opened; the first incident does it.'),
  );
  openModelWatch(openClient(settings, connection), settings.PARAMEDIC_CLUSTER).catch((error) =>
    log.warn({ error: String(error) }, 'The watch of model servers could not be begun; the next worker that starts does it.'),
  );
  return {
    async isRunning() {
      const idle = workers.find((worker) => worker.getState() !== 'RUNNING');
      return idle ? `the worker is ${idle.getState().toLowerCase()}` : null;
    },
    failed,
    async stop() {
      isStopping = true;
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(ended);
      await connection.close().catch((error) => log.warn({ error: String(error) }, 'The connection to Temporal did not close.'));
    },
  };
}

/** A drill's alert comes in as any does. */
async function taken(alert: Alert, intake: Intake): Promise<{ readonly incident: string } | { readonly why: string }> {
  const became = await takeAlert(alert, intake);
  switch (became.kind) {
    case 'joined':
    case 'resolved':
      return { incident: became.incident };
    case 'ignored':
      return { why: became.reason };
    case 'alive':
      return { why: `The alert "${alert.name}" is a sign of life, and begins no incident.` };
    default:
      return became satisfies never;
  }
}
