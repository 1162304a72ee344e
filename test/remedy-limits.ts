import type { RemedyLimits } from '../remedies/plan-remedy.ts';

/** What a runbook lets its remedies do, changed as the test wants. */
export function remedyLimits(change: Partial<RemedyLimits> = {}): RemedyLimits {
  return {
    memory: { factor: 2, ceilingMi: 1024 },
    model: { lastKnownGoodAlias: 'last-known-good', servingAlias: 'production', soakSeconds: 3_600, golden: null },
    node: { evictEmptyDir: false },
    scale: { factor: 2, ceiling: 8 },
    network: { lookBackSeconds: 3600 },
    gitOps: 'propose',
    ...change,
  };
}
