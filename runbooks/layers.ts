import type { LimitLayer, Limits } from '../guards/limits.ts';
import { DEFAULT_LIMITS, type LimitsFile } from './limits.ts';
import type { Runbook } from './schema.ts';

/** What an incident in a namespace must keep within: the limits of cluster, namespace and runbook, all at once. */
export function limitLayers(
  { cluster, namespaces }: LimitsFile,
  runbook: Pick<Runbook, 'name' | 'limits'>,
  namespace: string,
): readonly LimitLayer[] {
  const ofNamespace = Object.hasOwn(namespaces, namespace) ? namespaces[namespace] : undefined;
  return [
    { from: 'the cluster', limits: overDefaults(cluster) },
    ...(ofNamespace ? [{ from: `namespace ${namespace}`, limits: ofNamespace }] : []),
    ...(Object.keys(runbook.limits).length > 0 ? [{ from: `runbook ${runbook.name}`, limits: runbook.limits }] : []),
  ];
}

/** The cluster's own numbers stand in place of the shipped ones, each by itself. */
function overDefaults(given: Limits): Limits {
  return {
    ...DEFAULT_LIMITS,
    ...said(given),
    rates: { ...DEFAULT_LIMITS.rates, ...said(given.rates) },
    breakers: { ...DEFAULT_LIMITS.breakers, ...said(given.breakers) },
    blast: { ...DEFAULT_LIMITS.blast, ...said(given.blast) },
  };
}

/** What a group says; one that is there without a value must not put a default away. */
function said<T extends object>(group: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(group ?? {}).filter(([, limit]) => limit !== undefined)) as Partial<T>;
}
