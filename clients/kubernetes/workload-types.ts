import type { WorkloadKind } from '../../incident/target.ts';
import type { ResourceType } from './guarded-patch.ts';

/** What holds the releases of a Deployment. */
export const REPLICA_SETS = { group: 'apps', version: 'v1', plural: 'replicasets' };

/** Where each kind of workload lives in the API. */
export const WORKLOAD_TYPES: Readonly<Record<WorkloadKind, ResourceType>> = {
  Deployment: { group: 'apps', version: 'v1', plural: 'deployments' },
  StatefulSet: { group: 'apps', version: 'v1', plural: 'statefulsets' },
  DaemonSet: { group: 'apps', version: 'v1', plural: 'daemonsets' },
};
