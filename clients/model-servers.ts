import type { Target } from '../incident/target.ts';
import type { Cluster } from './cluster.ts';

/** The model servers of a cluster, as far as they could be listed. */
export interface ServerList {
  readonly servers: readonly Target[];
  /** What could not be listed and why, a sentence each. */
  readonly unlisted: readonly string[];
}

/** What is needed to look at all model servers of a cluster, again and again. */
export interface ModelServers extends Pick<Cluster, 'observe' | 'askGolden'> {
  /** Every model server of a kind that is known. It never fails: what cannot be listed is told as such, and is not taken for none. */
  list(): Promise<ServerList>;
}
