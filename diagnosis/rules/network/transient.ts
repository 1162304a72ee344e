import type { Evidence } from '../../../incident/evidence.ts';
import { healthBy } from '../../health-by.ts';
import type { Rule } from '../../rule.ts';

/** Pods and paths are as they should be: what was seen from outside may be over, and only a new look from there can tell. */
export const transient: Rule<Evidence> = (evidence, context) => {
  const health = healthBy('paths', evidence, context);
  if (health.kind !== 'recovered') return null;
  return { cause: 'transient', confidence: 'possible', reason: `Nothing is found that cuts a path: ${health.seen}.` };
};
