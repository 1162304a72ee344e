import { NoAnswer } from '../../clients/permit-offices.ts';
import { openDesk } from '../../worker/open-client.ts';
import type { PermitDesk } from '../../worker/permit-desk.ts';
import { withIncidents } from '../incidents/connect.ts';

const ANSWER_WITHIN_MS = 10_000;

/** What every command that talks to a permit office takes. */
export interface DeskOptions {
  readonly data: string;
  readonly allClusters?: true;
  readonly json?: true;
}

/** The office that is meant, and the others whose freezes hold there as well. */
export interface Desks {
  /** Null: all clusters. */
  readonly cluster: string | null;
  /** In words, such as `cluster prod-eu`. */
  readonly where: string;
  readonly desk: PermitDesk;
  /** Of what all clusters share; null where that is the one meant. */
  readonly shared: PermitDesk | null;
}

/** Reaches the permit office for the time of a call. @throws one sentence when Temporal is away, or no worker answers. */
export function withDesk<T>({ data, allClusters }: DeskOptions, use: (desks: Desks) => Promise<T>): Promise<T> {
  return withIncidents(data, async ({ client, settings }) => {
    const cluster = allClusters ? null : settings.PARAMEDIC_CLUSTER;
    const where = cluster === null ? 'all clusters' : `cluster ${cluster}`;
    const open = (of: string | null) => openDesk(settings, client.connection, of, ANSWER_WITHIN_MS);
    try {
      return await use({ cluster, where, desk: open(cluster), shared: cluster === null ? null : open(null) });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const worker = cluster === null ? 'a worker of any cluster' : `a worker of cluster "${cluster}" (PARAMEDIC_CLUSTER)`;
      throw new Error(
        `No worker answered within ${ANSWER_WITHIN_MS / 1000} s, so nothing is known to have changed: only ${worker} can take this, and where none runs nothing acts either. Start one with "paramedic worker" or "paramedic up", and say it again; one that comes back may still take this call, and "paramedic guards" shows what is in force.`,
        { cause: error },
      );
    }
  });
}

/** The freezes in force at a desk, as sentences; null when nobody can tell. */
export function freezesOf(desk: PermitDesk): Promise<readonly string[] | null> {
  return desk.board().then(
    ({ freezes }) => freezes,
    () => null,
  );
}
