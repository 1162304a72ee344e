import type { Context } from '../incident/context.ts';
import type { Evidence } from '../incident/evidence.ts';
import type { Measure } from '../incident/measure.ts';
import type { Verdict } from '../incident/verdict.ts';
import { healthOf } from './health.ts';
import { loadHealth } from './load-health.ts';

/** Health by a measure. Pods that are not well are not well by any; where they are, what else the measure asks for must hold, and be seen. */
export function healthBy(measure: Measure, evidence: Evidence, context: Pick<Context, 'scaling'>): Verdict {
  const ofPods = healthOf(evidence);
  return measure === 'load' && ofPods.kind === 'recovered' ? loadHealth(ofPods.seen, context) : ofPods;
}
