import type { ModelRecords } from './model-records.ts';
import type { OutsideClients } from './outside.ts';
import type { ArgoServer } from './pipelines/argo-server.ts';
import type { Metrics } from './prometheus/prometheus.ts';
import type { Registries } from './registries/model-registry.ts';

/** What is configured beside a cluster. */
export interface Systems {
  /** By name; empty where none is. */
  readonly registries: Registries;
  /** Null where nothing is recorded. */
  readonly records: ModelRecords | null;
  /** Null where no Prometheus is. */
  readonly metrics: Metrics | null;
  /** Targets that are no objects of Kubernetes. */
  readonly outside: OutsideClients;
  /** Has Workflows of the cluster go on; null where none is. */
  readonly argoServer: ArgoServer | null;
}

/** Nothing but the cluster is there. */
export const NO_SYSTEMS: Systems = { registries: new Map(), records: null, metrics: null, outside: new Map(), argoServer: null };
