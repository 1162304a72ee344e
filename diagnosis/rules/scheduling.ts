import type { WorkloadRule } from '../rule.ts';
import { whyHeldUp } from './held-up.ts';
import { homelessPods } from './no-node.ts';

/** No node takes it, for a reason that no other rule knows. */
export const unschedulable: WorkloadRule = (evidence, context) => {
  const homeless = homelessPods(evidence);
  const [first] = homeless;
  if (!first || whyHeldUp(evidence, context) !== null) return null;
  return { cause: 'unschedulable', confidence: 'certain', reason: `No node takes ${homeless.length} of its pods: ${first.unschedulable}` };
};
