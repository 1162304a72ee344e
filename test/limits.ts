import type { LimitLayer, Limits } from '../guards/limits.ts';

const plenty = { max: 1_000, perSeconds: 3_600 };

/** Limits that nothing a test does comes near, changed as the test wants. */
export function layer(change: Limits = {}, from = 'the cluster'): LimitLayer {
  return {
    from,
    limits: {
      rates: { remedy: plenty, namespace: plenty, cluster: plenty, allClusters: plenty },
      target: plenty,
      relapseSeconds: 1,
      cures: plenty,
      storm: { targets: 1_000, withinSeconds: 1 },
      blast: { replicasPercent: 100, namespaceWorkloads: { percent: 100, atLeast: 1_000, withinSeconds: 1 } },
      rollbackDepth: 10,
      ...change,
    },
  };
}
