import type { WorkloadRule } from '../rule.ts';

/**
 * A pod of a StatefulSet is there once at most: while its node does not say that it has ended, no other takes its place. Only who knows
 * that it runs no more may say so in its node's stead.
 */
export const lostWithNode: WorkloadRule = ({ kind, overdue }, { nodes }) => {
  if (kind !== 'StatefulSet' || nodes.kind !== 'read') return null;
  const lost = overdue.filter(({ node }) => nodes.value.some(({ name, ready }) => name === node && !ready));
  const [first] = lost;
  if (!first) return null;
  return {
    cause: 'bad-node',
    confidence: 'certain',
    reason:
      `${lost.map(({ name }) => name).join(', ')} was to end ${first.overdueSeconds} s ago, and ${first.node} does not answer. ` +
      'No other pod takes its place until it is certain that it has ended, since two of them could harm what they store. ' +
      `Once ${first.node} is known to be off, mark it with the taint node.kubernetes.io/out-of-service, or delete it.`,
  };
};
