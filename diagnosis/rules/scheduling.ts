import type { WorkloadRule } from '../rule.ts';

export const unschedulable: WorkloadRule = ({ pods }) => {
  const homeless = pods.filter((pod) => pod.unschedulable !== null);
  const [first] = homeless;
  if (!first) return null;
  return { cause: 'unschedulable', confidence: 'certain', reason: `No node takes ${homeless.length} of its pods: ${first.unschedulable}` };
};
