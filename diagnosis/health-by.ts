import type { Context } from '../incident/context.ts';
import { type Evidence, servingWorkload } from '../incident/evidence.ts';
import type { Measure } from '../incident/measure.ts';
import type { Verdict } from '../incident/verdict.ts';
import { goldenHealth } from './golden-health.ts';
import { healthOf } from './health.ts';
import { loadHealth } from './load-health.ts';
import { memoryHealth } from './memory-health.ts';
import { pathHealth } from './path-health.ts';

/** Health by a measure. Pods that are not well are not well by any; where they are, what else the measure asks for must hold, and be seen. */
export function healthBy(
  measure: Measure,
  evidence: Evidence,
  context: Pick<Context, 'golden' | 'scaling' | 'paths' | 'dependencies' | 'memoryTrend'>,
): Verdict {
  const ofPods = goldenHealth(healthOf(evidence), context);
  if (ofPods.kind !== 'recovered') return ofPods;
  switch (measure) {
    case 'pods':
      return ofPods;
    case 'load':
      return loadHealth(ofPods.seen, context);
    case 'paths':
      return pathHealth(ofPods.seen, context);
    case 'memory':
      return memoryHealth(ofPods.seen, servingWorkload(evidence)?.pods ?? [], context);
    default:
      return measure satisfies never;
  }
}
