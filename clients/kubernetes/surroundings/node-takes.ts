import type { V1Node, V1NodeSelectorRequirement, V1NodeSelectorTerm, V1Pod, V1Taint, V1Toleration } from '@kubernetes/client-node';
import { hasAll, isMet, type Labels } from '../../../incident/label-selector.ts';
import { isReady } from '../workload-seen.ts';

const KEEPS_AWAY = ['NoSchedule', 'NoExecute'];

/**
 * The node is ready, not cordoned, and one the pod may run on, by its node selector, its required node affinity and the node's
 * taints. How pods are spread, kept apart or tied to volumes is not looked at.
 */
export function nodeTakes(node: V1Node, pod: V1Pod): boolean {
  return isOpen(node) && selectsNode(node, pod) && untolerated(node, pod).length === 0;
}

/** It is ready and not cordoned. */
export function isOpen(node: V1Node): boolean {
  return isReady(node) && !node.spec?.unschedulable;
}

/** The node is one that the pod's node selector and required node affinity ask for. */
export function selectsNode(node: V1Node, { spec }: V1Pod): boolean {
  const labels = node.metadata?.labels ?? {};
  if (!hasAll(spec?.nodeSelector ?? {}, labels)) return false;
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return !terms || terms.some((term) => matches(term, node));
}

/** Taints of the node that keep the pod away. */
export function untolerated(node: V1Node, { spec }: V1Pod): V1Taint[] {
  return (node.spec?.taints ?? []).filter((taint) => KEEPS_AWAY.includes(taint.effect) && !isTolerated(taint, spec?.tolerations ?? []));
}

function isTolerated(taint: V1Taint, tolerations: readonly V1Toleration[]): boolean {
  return tolerations.some(({ key, operator = 'Equal', value = '', effect }) => {
    if (effect && effect !== taint.effect) return false;
    if (operator === 'Exists') return !key || key === taint.key;
    return operator === 'Equal' && key === taint.key && value === (taint.value ?? '');
  });
}

/** A term without any requirement matches nothing. */
function matches({ matchExpressions = [], matchFields = [] }: V1NodeSelectorTerm, { metadata }: V1Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const fields = { 'metadata.name': metadata?.name ?? '' };
  return matchExpressions.every((one) => meets(one, metadata?.labels ?? {})) && matchFields.every((one) => meets(one, fields));
}

/** Node affinity compares numbers, too. */
function meets(requirement: V1NodeSelectorRequirement, labels: Labels): boolean {
  const { key, operator, values = [] } = requirement;
  if (operator === 'Gt') return Number(labels[key]) > Number(values[0]);
  if (operator === 'Lt') return Number(labels[key]) < Number(values[0]);
  // One that is not known is not met: rather too little room than too much.
  return isMet(requirement, labels);
}
