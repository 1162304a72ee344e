import { Client, type ConnectionLike } from '@temporalio/client';
import type { PermitOffices } from '../clients/permit-offices.ts';
import { type PermitDesk, permitDesk } from './permit-desk.ts';
import { permitOffices } from './permit-offices.ts';
import { type Settings, taskQueueOf } from './settings.ts';

// Apart from `services.ts`, which loads the client of every system: a command that only asks Temporal starts in half the time without.

export function openClient(settings: Pick<Settings, 'TEMPORAL_NAMESPACE'>, connection: ConnectionLike): Client {
  return new Client({ connection, namespace: settings.TEMPORAL_NAMESPACE });
}

/** The permit offices of the cluster and of all clusters. */
export function openOffices(settings: Settings, connection: ConnectionLike): PermitOffices {
  return permitOffices(openClient(settings, connection), taskQueueOf(settings.PARAMEDIC_CLUSTER));
}

/** A desk of a permit office, of this cluster or, with null, of what all share. */
export function openDesk(settings: Settings, connection: ConnectionLike, cluster: string | null, answerWithinMs: number): PermitDesk {
  return permitDesk(openClient(settings, connection), openOffices(settings, connection), cluster, answerWithinMs);
}
