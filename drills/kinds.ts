/** A kind of object as it is addressed. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** All that a drill may make: what lives in one namespace, costs nothing but its pods, and gives nobody any right. */
export const DRILL_KINDS: readonly Kind[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'batch/v1', kind: 'Job' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'ResourceQuota' },
  { apiVersion: 'v1', kind: 'LimitRange' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
];

/** What Kubernetes makes of those, and takes away with them. */
export const MADE_OF_THEM: readonly Kind[] = [
  { apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  { apiVersion: 'v1', kind: 'Pod' },
];

/** Those that bear on whatever else is in the namespace. */
export function bearsOnAll({ kind, spec }: { readonly kind: string; readonly spec?: unknown }): boolean {
  if (kind === 'ResourceQuota' || kind === 'LimitRange') return true;
  if (kind !== 'NetworkPolicy') return false;
  const { podSelector = {} } = (spec ?? {}) as { readonly podSelector?: object };
  return Object.keys(podSelector).length === 0;
}
